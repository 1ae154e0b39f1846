using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>A file of records that is only appended to and that no crash can falsify: after any kill or power failure it holds all acknowledged records and no
/// part of another.</summary>
/// <remarks>
/// One process writes; a kernel lock on the file sees to that and ends with the process however it dies. Any process may <see cref="Read"/> at the same time.
/// The next writer cuts off a record that a crash has torn; complete records behind an unreadable one are damage, which is never cut off. Thread-safe:
/// <see cref="AppendLogWriter"/> has the locking rule.
/// </remarks>
[DebuggerDisplay("{Path}: {Content.End} bytes when opened, failure {Failure}")]
public sealed class AppendLog : IAsyncDisposable
{
    /// <summary>The longest record, in bytes; the shortest has 1.</summary>
    public const int MaxRecordBytes = 1 << 20;

    private readonly AppendLogWriter _writer;

    private AppendLog(AppendLogWriter writer, AppendLogContent content) => (_writer, Content) = (writer, content);

    /// <summary>Gets the full path of the file.</summary>
    public string Path => _writer.Path;

    /// <summary>Gets what the file held when it was opened; its torn end has been cut off.</summary>
    public AppendLogContent Content { get; }

    /// <summary>Gets why the log takes no more records; null while it does.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>Opens a log to append to it, or creates it.</summary>
    /// <param name="path">The file, on a local file system. Its folder exists.</param>
    /// <param name="options">What it holds and what its records survive.</param>
    /// <param name="found">Gets the content of each complete record in order, valid during the call; null to take none.</param>
    /// <returns>The log; dispose it.</returns>
    /// <exception cref="AppendLogException">It is held by another writer, something else, of another version or subject, or damaged. Nothing was
    /// changed.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">The file cannot be opened, locked, read or written.</exception>
    public static AppendLog Open(string path, AppendLogOptions options, Action<ReadOnlySpan<byte>>? found = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        AppendLogOptions settings = options.CheckedCopy();
        path = System.IO.Path.GetFullPath(path);
        FileLock file = AppendLogWriter.Lock(path);
        try
        {
            FileWindow window = new(file.Handle);
            if (AppendLogFormat.Recognize(window, path, settings) is not { } format)
            {
                format = new AppendLogFormat(settings, Guid.NewGuid());
                return new AppendLog(
                    AppendLogWriter.Begin(path, settings, file, format),
                    new AppendLogContent(format.Id, window.Length, format.Header.Length, window.Length, null, 0));
            }

            AppendLogContent content = format.Read(window, 0, settings.PassesOverDamage, found);
            if (content.Damage is { } damage && !settings.PassesOverDamage)
            {
                throw new AppendLogException(path, AppendLogProblem.Damaged, damage,
                    $"It is damaged at byte {damage:N0} of {content.Length:N0}, which no interrupted write explains. "
                    + "Restore it from a backup.");
            }

            if (content.TornBytes > 0)
                RandomAccess.SetLength(file.Handle, content.End); // never acknowledged
            return new AppendLog(new AppendLogWriter(path, settings, file, format, content.End), content);
        }
        catch
        {
            file.Unlock();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the complete records of a log, also while another process writes to it. Takes no lock and changes nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it has to hold. Unless damage is passed over, the reading stops where it begins.</param>
    /// <param name="found">Gets the content of each record in order, valid during the call.</param>
    /// <param name="from">Gets the log's identity and tells where to begin: at an <see cref="AppendLogContent.End"/> of the same log in bytes, or 0 for the
    /// first record; null for the first record.</param>
    /// <returns>What was found; null when the header is not complete: the log is being created, or its creator was killed.</returns>
    /// <exception cref="AppendLogException">It is something else, of another version or subject, or its header is damaged.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AppendLogContent? Read(
        string path, AppendLogOptions options, Action<ReadOnlySpan<byte>> found, Func<Guid, long>? from = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(found);
        AppendLogOptions settings = options.CheckedCopy();
        using SafeFileHandle file = DurableFile.OpenToRead(path);
        FileWindow window = new(file);
        AppendLogFormat? format = AppendLogFormat.Recognize(window, path, settings);
        return format?.Read(window, from?.Invoke(format.Id) ?? 0, settings.PassesOverDamage, found);
    }

    /// <summary>Forces everything in a file to the disk, whichever process wrote it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be opened, or the disk reports a failure.</exception>
    public static void FlushToDisk(string path)
    {
        using SafeFileHandle file = KernelLock.System.Open(path, create: false);
        DurableFile.Flush(file, path);
    }

    /// <summary>Appends a record and tells when it is as durable as <see cref="AppendLogOptions.Durability"/> says.</summary>
    /// <param name="record">Its content, 1 to <see cref="MaxRecordBytes"/> bytes.</param>
    /// <returns>A task that ends with the acknowledgment; for <see cref="Durability.ProcessCrash"/> it has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The record is empty or too long.</exception>
    /// <exception cref="IOException">It could not be written, and may be appended again; or the log has failed, and it is not known whether the record is
    /// there.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public ValueTask AppendAsync(ReadOnlySpan<byte> record) => _writer.AppendAsync(record);

    /// <summary>Hands over a record, which another thread writes soon, after all handed over before. Costs no system call.</summary>
    /// <param name="record">Its content, 1 to <see cref="MaxRecordBytes"/> bytes.</param>
    /// <remarks>
    /// The acknowledgment is <see cref="FlushAsync"/>. A record that cannot be written, also because the log is closed, makes the log fail: see
    /// <see cref="Failure"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The record is empty or too long.</exception>
    public void Append(ReadOnlySpan<byte> record) => _writer.Append(record);

    /// <summary>Waits until all records handed over so far are as durable as <see cref="AppendLogOptions.Durability"/> says.</summary>
    /// <returns>A task that ends then.</returns>
    /// <exception cref="IOException">The log has failed.</exception>
    public Task FlushAsync() => _writer.FlushAsync();

    /// <summary>Writes what was handed over and closes the file, which gives it free for the next writer.</summary>
    /// <returns>A task that ends then.</returns>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
