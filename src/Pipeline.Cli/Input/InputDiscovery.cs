namespace Pipeline.Cli;

/// <summary>Finds the photos that the user means by files, folders and patterns.</summary>
internal sealed class InputDiscovery
{
    private readonly Func<string, PhotoHeader> _readHeader;
    private readonly string _outputFolder;
    private readonly CancellationToken _cancellationToken;
    private readonly List<InputPhoto> _photos = [];
    private readonly List<InputProblem> _problems = [];
    private readonly List<string> _passedOver = [];
    private readonly HashSet<string> _files = new(FileNames.Comparer);
    private readonly HashSet<string> _folders = new(FileNames.Comparer);
    private int _duplicates;

    private InputDiscovery(string outputFolder, Func<string, PhotoHeader> readHeader, CancellationToken cancellationToken)
    {
        _outputFolder = RealPath.Of(outputFolder);
        _readHeader = readHeader;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Looks through the inputs.</summary>
    /// <param name="inputs">Files, folders (searched with all their folders) and patterns.</param>
    /// <param name="outputFolder">Where outputs will go. Inside a folder or pattern it is not read as input.</param>
    /// <param name="readHeader">Reads the header of a file, which tells by content whether it is a picture.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>What was found. A file that was named is a photo with any content, so that it is reported when it is none.</returns>
    /// <exception cref="UsageException">An input is the output folder.</exception>
    /// <exception cref="OperationCanceledException">The search was ended.</exception>
    public static InputSet Find(
        IEnumerable<string> inputs, string outputFolder, Func<string, PhotoHeader> readHeader, CancellationToken cancellationToken)
    {
        InputDiscovery discovery = new(outputFolder, readHeader, cancellationToken);
        foreach (string input in inputs)
            discovery.Add(input);
        return new InputSet(discovery._photos, discovery._problems, discovery._passedOver, discovery._duplicates);
    }

    private void Add(string input)
    {
        if (GlobPattern.IsPattern(input))
            AddPattern(input);
        else if (Directory.Exists(input))
            AddInputFolder(input);
        else if (File.Exists(input))
            AddFile(new Place("", FolderName(Path.GetDirectoryName(Path.GetFullPath(input))!), Excluded: null, Named: true), input);
        else
            _problems.Add(new InputProblem(input, "There is no such file or folder."));
    }

    private void AddPattern(string pattern)
    {
        (string root, IReadOnlyList<string> files) = GlobPattern.Expand(pattern);
        if (files.Count == 0)
            _problems.Add(new InputProblem(pattern, "No file matches this pattern."));
        string start = root.Length == 0 ? "." : root;
        string rootName = FolderName(start);
        string? excluded = ExcludedUnder(RealPath.Of(start));
        foreach (string file in files)
        {
            string folder = Path.GetDirectoryName(Path.GetRelativePath(start, file)) ?? "";
            AddFile(new Place(folder, rootName, excluded, Named: false), file);
        }
    }

    private void AddInputFolder(string folder)
    {
        string real = RealPath.Of(folder);
        if (FileNames.Comparer.Equals(real, _outputFolder))
        {
            throw new UsageException(
                $"'{folder}' is both an input and the output folder: outputs would become inputs of the next run. Give --out another "
                    + $"folder, for example '{Path.Combine(folder, "out")}'.");
        }

        AddFolder(new Place("", FolderName(folder), ExcludedUnder(real), Named: false), folder);
    }

    private void AddFolder(Place place, string folder)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        string real = RealPath.Of(folder);
        if (FileNames.Comparer.Equals(real, place.Excluded))
            return;
        if (!_folders.Add(real))
        {
            _duplicates++;
            return;
        }

        List<FileSystemInfo> entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new InputProblem(folder, $"The folder cannot be read: {e.Message}"));
            return;
        }

        entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        foreach (FileSystemInfo entry in entries)
        {
            // Hidden entries are the system's and other programs': previews, trash, version control.
            if (entry.Name.StartsWith('.'))
                continue;
            string path = Path.Combine(folder, entry.Name);
            if (Directory.Exists(path))
                AddFolder(place with { RelativeFolder = Path.Combine(place.RelativeFolder, entry.Name) }, path);
            else
                AddFile(place, path);
        }
    }

    private void AddFile(Place place, string path)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        string real = RealPath.Of(path);
        if (place.Excluded is { } excluded && FileNames.IsIn(real, excluded))
            return;
        if (_files.Contains(real))
        {
            _duplicates++;
            return;
        }

        try
        {
            PhotoHeader header = ReadHeader(path, place.Named);
            if (!place.Named && header.Kind == PhotoKind.None)
            {
                _passedOver.Add(path);
                return;
            }

            FileInfo file = new(real);
            _photos.Add(new InputPhoto(new PhotoSource(path, header), real, place.RelativeFolder, place.Root, file.Length,
                file.LastWriteTimeUtc.Ticks));
            _files.Add(real);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new InputProblem(path, $"The file cannot be read: {e.Message}"));
        }
    }

    private PhotoHeader ReadHeader(string path, bool isNamed)
    {
        try
        {
            return _readHeader(path);
        }
        catch (PhotoException e)
        {
            // A file that was named fails as a photo, when it is decoded; one that was found is a problem of the input.
            return isNamed ? new PhotoHeader(PhotoKind.None, 0, 0, 1, 0) : throw new IOException((e.InnerException ?? e).Message, e);
        }
    }

    // Only an output folder below the input is left out: with "process out/raw --out out" everything lies in it.
    private string? ExcludedUnder(string root) =>
        FileNames.IsIn(_outputFolder, root) && !FileNames.Comparer.Equals(_outputFolder, root) ? _outputFolder : null;

    private static string FolderName(string folder) => new DirectoryInfo(folder).Name;
    private sealed record Place(string RelativeFolder, string Root, string? Excluded, bool Named);
}
