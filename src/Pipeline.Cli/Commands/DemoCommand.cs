using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline demo</c>: makes RAW photos and runs the whole photo job on them.</summary>
internal static class DemoCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Option<string> folder = new("--out")
        {
            Description = "Folder for the photos, the outputs and the report; made when missing.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "demo",
        };
        SampleOptions options = new();
        Command command = new("demo", "Make RAW photos, run the photo job on them and show what it did.");
        options.AddTo(command);
        command.Options.Add(folder);
        command.SetAction((result, _) =>
        {
            string root = result.GetRequiredValue(folder);
            return RunAsync(options.Read(result, Path.Combine(root, "raw")), root, environment);
        });
        return command;
    }

    private static async Task<int> RunAsync(SampleOrder order, string root, CliEnvironment environment)
    {
        long start = environment.TimeProvider.GetTimestamp();
        await environment.Out.WriteLineAsync($"Making {order.Count} RAW photos of {order.Megapixels} megapixels in {order.Folder} ...")
            .ConfigureAwait(false);
        IReadOnlyList<string> files = await SampleWriter.WriteAsync(order, environment).ConfigureAwait(false);
        string logo = Path.Combine(root, "watermark.png");
        DemoLogo.Write(logo);
        long bytes = files.Sum(file => new FileInfo(file).Length);
        await environment.Out.WriteLineAsync(
            $"Made {ByteSize.Format(bytes)} in {ProgressText.Time(environment.TimeProvider.GetElapsedTime(start))}.").ConfigureAwait(false);
        await environment.Out.WriteLineAsync().ConfigureAwait(false);

        PhotoJobSettings settings = new()
        {
            OutputFolder = Path.Combine(root, "photos"),
            Recipe = new PhotoRecipe { Blur = 0.8, Sharpen = 0.6, Watermark = logo },
            MemoryBytes = ProcessOptions.DefaultMemory(),
            Report = Path.Combine(root, "report.html"),
            Json = Path.Combine(root, "report.json"),
        };
        int exitCode = await new PhotoJobRunner(settings, environment).RunAsync(files).ConfigureAwait(false);
        if (exitCode == ExitCodes.AllDone)
        {
            await environment.Out.WriteLineAsync().ConfigureAwait(false);
            await environment.Out.WriteLineAsync("The same job on your own photos:").ConfigureAwait(false);
            await environment.Out.WriteLineAsync($"  pipeline process PHOTOS --out OUT --blur 0.8 --sharpen 0.6 --watermark {logo} "
                + "--report report.html").ConfigureAwait(false);
        }

        return exitCode;
    }
}
