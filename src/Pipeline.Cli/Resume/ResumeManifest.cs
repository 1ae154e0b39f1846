using System.Text.Json;

namespace Pipeline.Cli;

/// <summary>The list of finished photos in an output folder, from which <c>--resume</c> goes on.</summary>
/// <remarks>
/// An <see cref="AppendLog"/> with one record per photo, written after all outputs of the photo are in place and acknowledged when it survives a power failure.
/// The process that writes to the folder holds it. Thread-safe.
/// </remarks>
internal sealed class ResumeManifest : IAsyncDisposable
{
    /// <summary>The manifest's name in the output folder.</summary>
    public const string FileName = ".pipeline-manifest";

    private readonly Dictionary<(string Source, string Options), FinishedPhoto> _finished = []; // written once before use
    private readonly Dictionary<string, FinishedPhoto> _writers = new(FileNames.OutputComparer); // written once before use
    private readonly string _folder;
    private readonly AppendLog _log;

    private ResumeManifest(string folder)
    {
        _folder = folder;
        _log = AppendLog.Open(Path.Combine(folder, FileName), LogOptions, Index);
    }

    /// <summary>Gets what the file holds. A damaged record costs the photos that it names, which are processed again, and no others.</summary>
    public static AppendLogOptions LogOptions => new() { Kind = "photos", PassesOverDamage = true };

    /// <summary>Opens or creates the manifest of a folder and locks it against other runs.</summary>
    /// <exception cref="AppendLogException">Another run holds the file, or it is no manifest of this version.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static ResumeManifest Open(string folder) => new(folder);

    /// <summary>Reads a record.</summary>
    /// <param name="record">Its content.</param>
    /// <returns>The photo; null when another version wrote the record.</returns>
    public static FinishedPhoto? Read(ReadOnlySpan<byte> record)
    {
        try
        {
            return JsonSerializer.Deserialize(record, ManifestJson.Default.FinishedPhoto);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Finds the record of a photo whose outputs are all in place.</summary>
    /// <param name="photo">The photo as it is now.</param>
    /// <param name="options">The fingerprint of the options of this run.</param>
    /// <param name="outputs">The outputs' paths within the output folder that this run would write.</param>
    /// <returns>The record; null when the photo has to be processed.</returns>
    public FinishedPhoto? Find(InputPhoto photo, string options, IReadOnlyCollection<string> outputs)
    {
        if (!_finished.TryGetValue((photo.RealPath, options), out FinishedPhoto? finished)
            || finished.Length != photo.Length
            || finished.ModifiedTicks != photo.ModifiedTicks
            || !outputs.ToHashSet(StringComparer.Ordinal).SetEquals(finished.Outputs.Select(output => output.Path)))
        {
            return null;
        }

        return finished.Outputs.All(output => ReferenceEquals(_writers[output.Path], finished) && IsInPlace(output)) ? finished : null;
    }

    /// <summary>Records a finished photo and returns when the record is on disk.</summary>
    /// <param name="photo">The photo, whose outputs are all in place.</param>
    /// <returns>A task that ends when the record is durable.</returns>
    /// <exception cref="IOException">The record cannot be written.</exception>
    public ValueTask AppendAsync(FinishedPhoto photo) =>
        _log.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(photo, ManifestJson.Default.FinishedPhoto));

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private void Index(ReadOnlySpan<byte> record)
    {
        if (Read(record) is not { } photo)
            return;
        _finished[(photo.Source, photo.Options)] = photo;
        // A later record that wrote the same file, with other options or from another photo, took it over.
        foreach (FinishedOutput output in photo.Outputs)
            _writers[output.Path] = photo;
    }

    private bool IsInPlace(FinishedOutput output)
    {
        FileInfo file = new(Path.Combine(_folder, output.Path));
        return file.Exists && file.Length == output.Bytes;
    }
}
