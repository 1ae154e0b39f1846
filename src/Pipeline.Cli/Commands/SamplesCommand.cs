using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline samples</c>: writes synthetic camera RAW files to try the tool with.</summary>
internal static class SamplesCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Argument<string> folder = new("DIR") { Description = "Folder for the photos; made when missing." };
        SampleOptions options = new();
        Command command = new("samples", "Write synthetic camera RAW files (DNG) to try the tool with.") { folder };
        options.AddTo(command);
        command.SetAction((result, _) => RunAsync(options.Read(result, result.GetRequiredValue(folder)), environment));
        return command;
    }

    private static async Task<int> RunAsync(SampleOrder order, CliEnvironment environment)
    {
        long start = environment.TimeProvider.GetTimestamp();
        IReadOnlyList<string> files = await SampleWriter.WriteAsync(order, environment).ConfigureAwait(false);
        long bytes = files.Sum(file => new FileInfo(file).Length);
        await environment.Out.WriteLineAsync(
            $"{files.Count} RAW photos of {order.Megapixels} megapixels ({ByteSize.Format(bytes)}) are in {order.Folder}, made in "
                + $"{ProgressText.Time(environment.TimeProvider.GetElapsedTime(start))}.").ConfigureAwait(false);
        await environment.Out.WriteLineAsync($"Process them with: pipeline process {order.Folder} --out out").ConfigureAwait(false);
        return ExitCodes.AllDone;
    }
}
