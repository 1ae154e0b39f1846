using System.Diagnostics.CodeAnalysis;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>Counters that several processes share through one mapped file.</summary>
/// <remarks>
/// <para>Each process has a stripe of its own, which it owns by a kernel lock on a file in <c>FILE.stripes</c>. When a process dies, its stripe keeps a correct
/// part of the sum, and the next process that opens the file simply goes on adding to it. Nothing is ever merged or cleaned up, and the file never
/// grows.</para>
/// <para>Thread-safe. Locking rule: the mapped words are changed by interlocked additions only. Disposing gives the place back, but the memory stays mapped
/// until nothing refers to this object any more, so that an addition that races with the disposal never meets unmapped memory; being atomic, it is counted even
/// then.</para>
/// </remarks>
public sealed unsafe class SharedCounterSet : IDisposable
{
    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly FileLock _stripeLock;
    private readonly CounterLayout _layout;
    private readonly SharedCounter[] _counters;
    private readonly byte* _start; // the mapping; valid until the finalizer
    private readonly long* _own; // the words of this process
    private int _disposed; // Interlocked

    private SharedCounterSet(
        string path, FileStream file, MemoryMappedFile map, MemoryMappedViewAccessor view,
        CounterLayout layout, FileLock stripeLock, int stripe)
    {
        FilePath = path;
        _file = file;
        _map = map;
        _view = view;
        _layout = layout;
        _stripeLock = stripeLock;
        Stripe = stripe;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + view.PointerOffset;
        _own = (long*)(_start + layout.OffsetOf(stripe, 0));
        if ((nint)_own % CounterLayout.StripeAlignment != 0)
        {
            throw new InvalidDataException(
                $"The words of '{path}' are not aligned in memory; additions would be slow and not atomic on every processor.");
        }

        _counters = [.. Enumerable.Range(0, layout.Counters.Count).Select(index => new SharedCounter(this, index, ownsSet: false))];
    }

    /// <summary>Removes the mapping, when no addition can be under way any more.</summary>
    ~SharedCounterSet()
    {
        if (_start is null)
            return; // the constructor failed
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    /// <summary>Gets the counters, in the order of their definition.</summary>
    public IReadOnlyList<SharedCounter> Counters => _counters;

    /// <summary>Gets the mapped file.</summary>
    public string FilePath { get; }

    /// <summary>Gets the number of this process's place in the file.</summary>
    public int Stripe { get; }

    internal IReadOnlyList<CounterDefinition> Definitions => _layout.Counters;

    /// <summary>Gets a counter by name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such counter.</exception>
    public SharedCounter this[string name] => Array.Find(_counters, counter => counter.Definition.Name == name)
        ?? throw new KeyNotFoundException(
            $"'{FilePath}' has no counter '{name}'. It has: {string.Join(", ", Definitions.Select(definition => definition.Name))}.");

    /// <summary>Opens a counter file, or creates it.</summary>
    /// <param name="path">The file; <c>FILE.stripes</c> beside it holds the lock files. All processes must name the same. Not on a network file system.</param>
    /// <param name="counters">The counters, 1 to 64; the same in all processes: names, order, units and kinds.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The counters; dispose the set.</returns>
    /// <exception cref="ArgumentException">A definition is not allowed.</exception>
    /// <exception cref="InvalidDataException">The file is no counter file, is damaged, was written by another version, or has other counters. It is left as it
    /// is.</exception>
    /// <exception cref="LockingUnavailableException">The file system does not lock, or is a network file system.</exception>
    /// <exception cref="IOException">The file could not be opened, or all its places are taken by live processes.</exception>
    public static SharedCounterSet Open(string path, IReadOnlyList<CounterDefinition> counters, SharedCounterSetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(counters);
        options ??= new SharedCounterSetOptions();
        if (options.MaxProcesses is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxProcesses,
                $"A counter file was given MaxProcesses {options.MaxProcesses}. It must be 1 to 1,000.");
        }

        path = Path.GetFullPath(path);
        CounterLayout wanted = CounterLayout.Create(counters, options.MaxProcesses);
        string locks = path + ".stripes";
        Directory.CreateDirectory(locks);
        LockProbe.Run(locks, options.AllowNetworkFileSystem);
        ObserverLock.Create(locks);
        if (!File.Exists(path))
            AtomicFile.TryCreate(path, wanted.FileLength, wanted.ToHeader());

        FileStream? file = null;
        MemoryMappedFile? map = null;
        MemoryMappedViewAccessor? view = null;
        FileLock? stripeLock = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            CounterLayout layout = CounterLayout.Read(file, path);
            layout.RequireSameCounters(wanted, path);
            (stripeLock, int stripe) = ClaimStripe(locks, layout.Stripes, path);
            map = MemoryMappedFile.CreateFromFile(
                file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            view = map.CreateViewAccessor(0, layout.FileLength, MemoryMappedFileAccess.ReadWrite);
            SharedCounterSet set = new(path, file, map, view, layout, stripeLock, stripe);
            set.ZeroGauges();
            return set;
        }
        catch
        {
            view?.Dispose();
            map?.Dispose();
            file?.Dispose();
            stripeLock?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a counter file without taking part and without knowing its counters: for tools.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The counters and their totals at this moment.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no counter file, is damaged, or was written by another version.</exception>
    public static SharedCounterReport Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        CounterLayout layout = CounterLayout.Read(file, path);
        byte[] words = new byte[layout.FileLength - CounterLayout.HeaderLength];
        file.Position = CounterLayout.HeaderLength;
        file.ReadExactly(words);
        string locks = path + ".stripes";
        using FileLock? gate = ObserverLock.Enter(locks);
        bool[] live = [.. Enumerable.Range(0, layout.Stripes).Select(stripe => IsLive(locks, stripe))];
        return layout.Report(Path.GetFullPath(path), words, live);
    }

    /// <summary>Forces what was counted to the disk: what a power failure cannot take back. Not needed against crashes of processes.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    /// <exception cref="IOException">The disk reported an error.</exception>
    public void Checkpoint()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        _view.Flush();
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    /// <summary>Leaves this process's place in the file to the next one; gauges of this process go to zero.</summary>
    [SuppressMessage("Usage", "CA1816:Call GC.SuppressFinalize correctly", Justification =
        "The finalizer removes the mapping, which must outlive Dispose.")]
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        ZeroGauges();
        _map.Dispose();
        _file.Dispose();
        _stripeLock.Dispose();
    }

    internal void Add(int index, long delta)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        Interlocked.Add(ref Unsafe.AsRef<long>(_own + index), delta);
        GC.KeepAlive(this);
    }

    internal long OwnPart(int index)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        long part = Interlocked.Read(ref Unsafe.AsRef<long>(_own + index));
        GC.KeepAlive(this);
        return part;
    }

    internal long Sum(int index)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        long sum = 0;
        for (int stripe = 0; stripe < _layout.Stripes; stripe++)
            sum += Interlocked.Read(ref Unsafe.AsRef<long>(_start + _layout.OffsetOf(stripe, index)));
        GC.KeepAlive(this);
        return sum;
    }

    private static string PathOf(string locks, int stripe) => Path.Combine(locks, $"s{stripe:000}");

    private static bool IsLive(string locks, int stripe)
    {
        using FileLock? file = FileLock.OpenExisting(PathOf(locks, stripe));
        return file is not null && !file.IsFree();
    }

    private static (FileLock Lock, int Stripe) ClaimStripe(string locks, int stripes, string path)
    {
        if (TryClaimStripe(locks, stripes) is { } claimed)
            return claimed;
        using FileLock? gate = ObserverLock.Enter(locks);
        return TryClaimStripe(locks, stripes)
            ?? throw new IOException(
                $"All {stripes} places of counter file '{path}' are taken by live processes. Close one, "
                + "or start a new file with a larger MaxProcesses.");
    }

    private static (FileLock Lock, int Stripe)? TryClaimStripe(string locks, int stripes)
    {
        for (int stripe = 0; stripe < stripes; stripe++)
        {
            FileLock file = new(PathOf(locks, stripe));
            if (file.TryLock())
                return (file, stripe);
            file.Dispose();
        }

        return null;
    }

    private void ZeroGauges()
    {
        for (int index = 0; index < _layout.Counters.Count; index++)
        {
            if (_layout.Counters[index].Kind == CounterKind.Gauge)
                Interlocked.Exchange(ref Unsafe.AsRef<long>(_own + index), 0);
        }
    }
}
