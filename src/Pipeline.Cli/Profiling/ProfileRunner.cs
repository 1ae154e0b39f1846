using System.Text;

namespace Pipeline.Cli;

/// <summary>Carries out <c>pipeline profile</c>: from points or from photos to the reports.</summary>
internal sealed class ProfileRunner(ProfileSettings settings, CliEnvironment environment)
{
    private TextWriter Text => settings.Json == "-" ? environment.Error : environment.Out;

    /// <summary>Runs the command.</summary>
    /// <param name="inputs">Files, folders and patterns; empty with points.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="UsageException">The profile cannot be made as it was asked for.</exception>
    public Task<int> RunAsync(IReadOnlyList<string> inputs) => settings.From is { } file ? FromPointsAsync(file) : FromPhotosAsync(inputs);

    private async Task<int> FromPointsAsync(string file)
    {
        if (settings.Compare is not null || settings.SlowDown is not null)
            throw new UsageException(
                "--compare and --slow-down need runs; points from --from have none. Leave them out; --fit-up-to scores predictions on "
                    + "points.");
        if (settings.Trace is not null)
            throw new UsageException("--trace needs runs; points from --from have no timeline. Leave it out.");
        IReadOnlyList<ScalingSeries> series = ReadPoints(file);
        ScalingAnalysisOptions options = new()
        {
            FitUpTo = settings.FitUpTo,
            Predict = settings.Predict,
            PhysicalCores = settings.Cores,
            IsScaledWork = settings.IsScaled,
            AtThroughput = settings.AtThroughput,
        };
        ProfileReport[] reports;
        try
        {
            reports = [.. series.Select(s => ProfileReports.OfPoints(s, options))];
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException($"--fit-up-to or --cores leaves nothing to fit: {ErrorText.Of(e)}");
        }

        await WriteAsync(reports, series).ConfigureAwait(false);
        return ExitCodes.AllDone;
    }

    private static IReadOnlyList<ScalingSeries> ReadPoints(string file)
    {
        try
        {
            return ScalingCsvReader.ReadFile(file);
        }
        catch (ScalingCsvException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--from '{file}' cannot be read: {ErrorText.Of(e)}");
        }
    }

    private async Task<int> FromPhotosAsync(IReadOnlyList<string> inputs)
    {
        if (settings.Predict.Any(n => n != Math.Floor(n) || n > 1024))
            throw new UsageException("--predict: a run has whole numbers of workers up to 1024. Give such numbers.");
        JobChecks.CheckSettings(settings.Job);
        InputSet found = InputDiscovery.Find(inputs, settings.Job.OutputFolder, PhotoProbe.Read, environment.Interrupts.DrainRequested);
        OutputPlan plan = OutputPlan.For(found.Photos);
        if (plan.Photos.Count == 0)
        {
            await environment.Error.WriteLineAsync("pipeline: there is no photo to profile with. Give files, folders or patterns such "
                + "as 'photos/**/*.nef'.").ConfigureAwait(false);
            return ExitCodes.NothingUsable;
        }

        if (settings.Made is not null && settings.Compare is null)
            throw new UsageException("--made names a change since an earlier profile. Give that profile with --compare FILE.json.");
        StoredProfile? before = settings.Compare is { } file ? ReadProfile(file) : null;
        using PhotoSweep sweep = new(settings, plan.Photos, environment);
        SweepResult result = await sweep.RunAsync().ConfigureAwait(false);
        if (before is not null)
            result = result with { Report = Compared(result.Report, before) };
        if (settings.Trace is { } trace)
            await ReportFiles.ReplaceAsync(trace, Bytes(stream => TimelineTrace.Write(stream, result.WithTimeline!))).ConfigureAwait(false);
        await WriteAsync([result.Report], [result.Report.Curve!.Series]).ConfigureAwait(false);
        return ExitCodes.AllDone;
    }

    private ProfileReport Compared(ProfileReport report, StoredProfile before)
    {
        try
        {
            return report with { Comparison = ProfileComparison.Of(before, report, settings.Made) };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(ErrorText.Of(e));
        }
    }

    private StoredProfile ReadProfile(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            StoredProfile profile = ProfileJson.Read(stream);
            return settings.Made is { } made && !profile.Gains.ContainsKey(made)
                ? throw new UsageException(
                    $"'{file}' predicted nothing for '{made}'. It did for: {string.Join(", ", profile.Gains.Keys.Select(k => $"'{k}'"))}.")
                : profile;
        }
        catch (FormatException e)
        {
            throw new UsageException($"--compare '{file}': {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--compare '{file}' cannot be read: {ErrorText.Of(e)}");
        }
    }

    private async Task WriteAsync(ProfileReport[] reports, IReadOnlyList<ScalingSeries> series)
    {
        foreach (ProfileReport report in reports)
        {
            ProfileText.Write(Text, report);
            if (reports.Length > 1)
                await Text.WriteLineAsync().ConfigureAwait(false);
        }

        byte[] json = Bytes(stream => ProfileJson.Write(stream, reports));
        if (settings.Json == "-")
            await environment.Out.WriteLineAsync(Encoding.UTF8.GetString(json)).ConfigureAwait(false);
        else if (settings.Json is { } file)
            await ReportFiles.ReplaceAsync(file, json).ConfigureAwait(false);
        if (settings.Csv is { } csv)
            await ReportFiles.ReplaceAsync(csv, Encoding.UTF8.GetBytes(TextOf(writer => ScalingCsvWriter.Write(writer, series))))
                .ConfigureAwait(false);
        if (settings.Report is { } html)
        {
            await ReportFiles.ReplaceAsync(html, Encoding.UTF8.GetBytes(TextOf(writer => ProfileHtml.Write(writer, reports))))
                .ConfigureAwait(false);
            await Text.WriteLineAsync($"Report: {html}").ConfigureAwait(false);
        }
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return stream.ToArray();
    }

    private static string TextOf(Action<TextWriter> write)
    {
        using StringWriter text = new();
        write(text);
        return text.ToString();
    }
}
