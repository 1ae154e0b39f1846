namespace Pipeline.Cli;

/// <summary>Finds out before any work what would make a job fail as a whole.</summary>
internal static class JobChecks
{
    // WebP stores 14 bits per side, AVIF here 16,384.
    private const int WidestWebP = 16_383;
    private const int WidestAvif = 16_384;

    /// <summary>Checks the options that name files, and widths against the format.</summary>
    /// <returns>The content of the watermark file; empty without one.</returns>
    /// <exception cref="UsageException">A value cannot be used.</exception>
    public static byte[] CheckSettings(PhotoJobSettings settings)
    {
        PhotoRecipe recipe = settings.Recipe;
        int widest = recipe.Format switch { OutputFormat.WebP => WidestWebP, OutputFormat.Avif => WidestAvif, _ => int.MaxValue };
        if (recipe.Widths.Max() > widest)
            throw new UsageException(
                $"--sizes {recipe.Widths.Max()} is too wide for --format {recipe.FormatName}, which holds up to {widest} pixels. Choose "
                    + "smaller sizes or another format.");
        CheckReportFile("--report", settings.Report);
        CheckReportFile("--json", settings.Json == "-" ? null : settings.Json);
        return settings.Recipe.Watermark is { } watermark ? ReadWatermark(watermark) : [];
    }

    /// <summary>Makes sure that no output would replace an input.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="plan">The photos and their output names.</param>
    /// <param name="extension">The extension of the outputs, with its dot.</param>
    /// <exception cref="UsageException">An output would replace an input.</exception>
    public static HashSet<string> CheckOutputsReplaceNoInput(PhotoJobSettings settings, OutputPlan plan, string extension)
    {
        HashSet<string> inputs = plan.Photos.Select(photo => photo.Photo.RealPath).ToHashSet(FileNames.Comparer);
        if (settings.Recipe.Watermark is { } watermark)
            inputs.Add(RealPath.Of(watermark));
        string folder = RealPath.Of(settings.OutputFolder);
        foreach (PlannedPhoto photo in plan.Photos)
        {
            foreach (string output in OutputPaths(settings, photo, extension))
            {
                if (inputs.Contains(Path.GetFullPath(Path.Combine(folder, output))))
                    throw new UsageException(
                        $"The output '{Path.Combine(settings.OutputFolder, output)}' of '{photo.Photo.Path}' would replace an input. "
                            + "Give --out another folder.");
            }
        }

        return inputs;
    }

    /// <summary>Gets the paths of a photo's outputs within the output folder, with '/' between folders.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="photo">The photo.</param>
    /// <param name="extension">The extension of the outputs, with its dot.</param>
    public static string[] OutputPaths(PhotoJobSettings settings, PlannedPhoto photo, string extension) =>
        [.. settings.Recipe.Widths.Select(width => $"{photo.OutputName}_{width}{extension}")];

    /// <summary>Makes the output folder, makes sure that it can be written to, and takes it for this run.</summary>
    /// <returns>The list of finished photos in the folder, opened for this run alone.</returns>
    /// <exception cref="UsageException">The folder cannot be used.</exception>
    public static ResumeManifest OpenOutputFolder(string folder)
    {
        const string Elsewhere = "Give --out a folder that can be written to.";
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder '{folder}' cannot be made: {ErrorText.Of(e)} {Elsewhere}");
        }

        try
        {
            return ResumeManifest.Open(folder);
        }
        catch (AppendLogException e) when (e.Problem == AppendLogProblem.Held)
        {
            throw new UsageException(
                $"The output folder '{folder}' is in use by another run. Wait until it has ended, or give --out another folder.");
        }
        catch (AppendLogException e)
        {
            throw new UsageException(
                $"The list of finished photos in '{folder}' cannot be used: {ErrorText.Of(e)} Remove the file, after which --resume "
                    + "begins anew, or give --out another folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder '{folder}' cannot be written to: {ErrorText.Of(e)} {Elsewhere}");
        }
    }

    private static void CheckReportFile(string option, string? path)
    {
        if (path is null)
            return;
        if (path.Length == 0 || Directory.Exists(path))
            throw new UsageException(
                $"{option} '{path}' is no file name. Give the name of a file, for example "
                    + $"'{Path.Combine(path, "report" + (option == "--json" ? ".json" : ".html"))}'.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(folder);
            // Opened and closed to learn whether it can be written; a file that is there keeps its content until the run has ended.
            bool isNew = !File.Exists(path);
            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }

            if (isNew)
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"{option} '{path}' cannot be written: {ErrorText.Of(e)} Give a file in a folder that can be written to.");
        }
    }

    private static byte[] ReadWatermark(string path)
    {
        try
        {
            if (PhotoProbe.Read(path).Kind is PhotoKind.None or PhotoKind.Raw)
                throw new UsageException(
                    $"--watermark '{path}' is no picture that can be laid over photos. Give a PNG, WebP, TIFF or JPEG file.");
            return File.ReadAllBytes(path);
        }
        catch (PhotoException e)
        {
            throw new UsageException($"--watermark: {ErrorText.Of(e)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--watermark '{path}' cannot be read: {ErrorText.Of(e)}");
        }
    }
}
