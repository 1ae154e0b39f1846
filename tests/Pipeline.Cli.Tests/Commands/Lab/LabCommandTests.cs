using System.Text;
using Pipeline.Cli.Tests.Support;
using Pipeline.Lab;

namespace Pipeline.Cli.Tests.Commands.Lab;

public sealed class LabCommandTests
{
    [Fact]
    public async Task List_ShowsTwelveLessons()
    {
        CliResult result = await CliRun.RunAsync("lab", "list");

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.All(LessonCatalog.All, lesson => Assert.Contains($"{lesson.Name,-18} {lesson.Title}", result.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_EveryLessonHolds_EndsWithZero()
    {
        CliResult result = await CliRun.RunAsync("lab", "all");

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Contains("All 12 lessons hold", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("L1", "b", "You were right: b) 1 or 2.")]
    [InlineData("l3", "a", "Not so; the answer is b) the jobs can block each other for ever.")]
    public async Task Lesson_WithAnAnswer_AsksBeforeItTells(string lesson, string answer, string verdict)
    {
        CliResult result = await CliRun.RunAsync("lab", lesson, "--answer", answer);

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        int[] places = [.. new[] { "PROBLEM", "PREDICTION", "RUN", verdict, "HINT", "FIX", "PROOF" }.Select(part =>
            result.Out.ReplaceLineEndings(" ").IndexOf(part, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task Lesson_OnATerminal_AsksUntilTheAnswerIsOneAndWaitsBeforeTheRepair()
    {
        CliResult result = await CliRun.RunAtTerminalAsync("x\nd\nB\nmake it atomic\n", "lab", "L1");

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Equal(3, result.Out.Split("Your answer (a to c, or Enter to go on): ").Length - 1);
        Assert.Contains("You were right: b) 1 or 2.", result.Out, StringComparison.Ordinal);
        Assert.InRange(
            result.Out.IndexOf("Enter shows the repair", StringComparison.Ordinal),
            result.Out.IndexOf("HINT", StringComparison.Ordinal),
            result.Out.IndexOf("FIX", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lesson_OnATerminalThatEnds_GoesOnToTheEnd()
    {
        CliResult result = await CliRun.RunAtTerminalAsync("", "lab", "L1");

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Contains("The answer is b) 1 or 2.", result.Out, StringComparison.Ordinal);
        Assert.Contains("PROOF", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lesson_Html_WritesOnePage()
    {
        using TempFolder folder = new();
        string file = Path.Combine(folder.Path, "l3.html");
        CliResult result = await CliRun.RunAsync("lab", "L3", "--html", file);

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        string page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lesson_Replay_RepeatsTheRun()
    {
        string replay = LessonCatalog.Find("L3")!.Run().Broken.Counterexample!.Replay.ToString();
        CliResult result = await CliRun.RunAsync("lab", "L3", "--replay", replay);

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Equal(LessonCatalog.Find("L3")!.ExpectedTrace, result.Out.TrimEnd());
    }

    [Theory]
    [InlineData("There is no lesson 'L13'", "lab", "L13")]
    [InlineData("--answer is 'x'", "lab", "L1", "--answer", "x")]
    [InlineData("cannot be read", "lab", "L1", "--replay", "p1")]
    [InlineData("was recorded for layout 00000000", "lab", "L1", "--replay", "v1/00000000/p1=0/x/c")]
    [InlineData("--threads is 0", "lab", "race", "--threads", "0")]
    public async Task Lab_WrongUse_SaysWhatAndEndsWithTwo(string message, params string[] args)
    {
        CliResult result = await CliRun.RunAsync(args);

        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Race_SmallRun_ShowsBothCountersAndTheCertificate()
    {
        CliResult result = await CliRun.RunAsync("lab", "race", "--threads", "2", "--increments", "1000");

        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Contains("2,000 of 2,000", result.Out, StringComparison.Ordinal);
        Assert.Contains("minimal: none with 0 preemptions", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lesson_FollowedFromItsPage_PrintsWhatThePageShows()
    {
        string folder = FindDocs();
        foreach (Lesson lesson in LessonCatalog.All)
        {
            string page = (await File.ReadAllTextAsync(Path.Combine(folder, $"{lesson.Id}-{lesson.Name}.md"),
                TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
            string[] commands = [.. Blocks(page, "console").Select(block => block.TrimStart('$', ' '))];
            Assert.Equal([$"pipeline lab {lesson.Id}"], commands);
            CliResult result = await CliRun.RunAsync(commands[0].Split(' ')[1..]);
            Assert.Equal(ExitCodes.AllDone, result.ExitCode);
            string[] shown = [.. Blocks(page, "text")];
            Assert.Equal(2, shown.Length); // the run and the proof
            Assert.All(shown, block => Assert.Contains(block, result.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("../tutorials/teach-races-in-90-minutes.md")]
    [InlineData("README.md")]
    public async Task Pages_EveryCommandOfTheClass_RunsAndPrintsWhatThePageQuotes(string name)
    {
        using TempFolder folder = new();
        string page =
            (await File.ReadAllTextAsync(Path.Combine(FindDocs(), name), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        string[] commands =
            [.. Blocks(page, "console").SelectMany(block => block.Split('\n')).Select(line => line.TrimStart('$').Split('#')[0].Trim())];
        Assert.NotEmpty(commands);
        StringBuilder printed = new();
        foreach (string command in commands)
        {
            string[] words = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.EndsWith(".html", StringComparison.Ordinal) ? Path.Combine(folder.Path, word) : word)];
            Assert.Equal(["pipeline", "lab"], words[..2]);
            CliResult result = await CliRun.RunAsync(words[1..]);
            Assert.Equal(ExitCodes.AllDone, result.ExitCode);
            printed.Append(result.Out);
        }

        foreach (string quoted in new[] { "minimal: none with 0 preemptions, 2 schedules checked",
            "every schedule with at most 2 preemptions and crashes passes" })
        {
            if (page.Contains(quoted, StringComparison.Ordinal))
                Assert.Contains(quoted, printed.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Help_IsWhatTheReferenceShows()
    {
        CliResult help = await CliRun.RunAsync("lab", "--help");
        string page = (await File.ReadAllTextAsync(Path.Combine(FindDocs(), "..", "reference", "lab.md"),
            TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        string[] lines = [.. help.Out.Trim().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())];
        Assert.Contains(string.Join('\n', lines), page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Blocks(string page, string language) =>
        page.Split($"```{language}\n").Skip(1).Select(rest => rest[..rest.IndexOf("\n```", StringComparison.Ordinal)]);

    private static string FindDocs()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "docs", "lessons")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docs", "lessons");
    }
}
