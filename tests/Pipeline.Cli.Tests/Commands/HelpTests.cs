using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Commands;

public sealed class HelpTests
{
    [Theory]
    [InlineData]
    [InlineData("process")]
    [InlineData("demo")]
    [InlineData("samples")]
    [InlineData("profile")]
    public async Task Reference_Command_ShowsTheHelpAsThePrograms(params string[] command)
    {
        CliResult help = await CliRun.RunAsync([.. command, "--help"]);
        Assert.Equal(ExitCodes.AllDone, help.ExitCode);
        string text = help.Out.Trim().ReplaceLineEndings("\n");
        string reference = (await File.ReadAllTextAsync(Reference(), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        Assert.True(
            reference.Contains($"```text\n{text}\n```", StringComparison.Ordinal),
            $"docs/reference/command-line.md does not show this help of 'pipeline {string.Join(' ', command)}':\n\n{text}\n");
    }

    [Fact]
    public async Task Run_NoArguments_ShowsTheHelp()
    {
        CliResult result = await CliRun.RunAsync();
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("process <INPUT>", result.Out, StringComparison.Ordinal);
    }

    private static string Reference()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, "docs", "reference", "command-line.md");
            if (File.Exists(file))
                return file;
        }

        throw new FileNotFoundException("docs/reference/command-line.md was not found above the test's folder.");
    }
}
