using System.Globalization;
using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>A number of permits shared by all processes of one machine, without a server. A killed process gives its permits back at once.</summary>
/// <remarks>
/// <para>Holding permit i is holding an exclusive kernel lock on file <c>s00i</c> of the semaphore's directory. No process id, time-out or heartbeat takes
/// part: the kernel ends the lock when the process ends, however it ends. A process that hangs while it holds a permit keeps it; <see cref="Describe()"/> says
/// who that is.</para>
/// <para>Fair: within a process first come, first served; between processes the longest waiting one is served first (a process that was stopped for a quarter
/// of a second is passed over). Waiting takes no thread.</para>
/// <para>The files are created once and must never be deleted while a process uses them. Keep the directory on a local file system, not in a temporary
/// directory that something cleans. Runs on Linux and Windows; the Windows path has not been exercised as much.</para>
/// <para>Thread-safe. Locking rule: the permits and the lines for them are guarded by their own object; disposing closes the files, which the kernel treats
/// like the death of a holder.</para>
/// </remarks>
public sealed class CrossProcessSemaphore : ILockable, IDisposable
{
    /// <summary>The largest number of permits.</summary>
    public const int MaxCapacity = SemaphoreMeta.MaxCapacity;

    private readonly PermitLine _permits;
    private readonly Action<LockHolder>? _leaked;
    private readonly TimeProvider _clock;
    private readonly long _number = LockNumbers.Next();
    private int _disposed; // Interlocked

    private CrossProcessSemaphore(string name, string root, string directory, SemaphoreMeta meta, CrossProcessSemaphoreOptions options)
    {
        Name = name;
        Directory = directory;
        Capacity = meta.Capacity;
        Id = meta.Id;
        Level = options.Level;
        _leaked = options.Leaked;
        _clock = options.TimeProvider;
        _permits = new PermitLine(this, options.PollInterval, options.TimeProvider);
        SemaphoreFiles.AddOpen(this, root);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LockLevel? Level { get; }

    /// <summary>Gets the number of permits.</summary>
    public int Capacity { get; }

    /// <summary>Gets the directory with the semaphore's files.</summary>
    public string Directory { get; }

    /// <summary>Gets the identity that the semaphore was created with.</summary>
    public Guid Id { get; }

    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    object ILockable.Resource => this;

    int ILockable.Strength => 1;

    long ILockable.Number => _number;

    TimeProvider ILockable.Clock => _clock;

    WaitTarget ILockable.Target => TargetOf(1);

    /// <summary>Opens a semaphore, or creates it when it does not exist.</summary>
    /// <param name="root">The directory under which semaphores live, for example <c>/var/lib/myapp/licenses</c>. It is created when missing. All processes must
    /// name the same.</param>
    /// <param name="name">The semaphore's name: 1 to 64 letters, digits, dots, hyphens or underscores.</param>
    /// <param name="capacity">Permits, 1 to 1,000. All processes must ask for the same number.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The semaphore; dispose it when the process needs it no more.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity or an option is out of range.</exception>
    /// <exception cref="CapacityMismatchException">It exists with another capacity.</exception>
    /// <exception cref="LockingUnavailableException">The file system does not lock, or is a network file system.</exception>
    /// <exception cref="InvalidDataException">The directory holds something else.</exception>
    /// <exception cref="IOException">A file could not be opened.</exception>
    public static CrossProcessSemaphore Open(string root, string name, int capacity, CrossProcessSemaphoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        CheckName(name);
        if (capacity is < 1 or > MaxCapacity)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity,
                $"Semaphore '{name}' was given {capacity} permits. A semaphore has 1 to {MaxCapacity} permits.");
        }

        options ??= new CrossProcessSemaphoreOptions();
        if (options.PollInterval < TimeSpan.FromMilliseconds(1) || options.PollInterval > TimeSpan.FromSeconds(1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.PollInterval,
                $"Semaphore '{name}' was given PollInterval {options.PollInterval}. It must be 1 ms to 1 s.");
        }

        ArgumentNullException.ThrowIfNull(options.TimeProvider);

        string fullRoot = Path.GetFullPath(root);
        string directory = SemaphoreFiles.DirectoryOf(fullRoot, name);
        System.IO.Directory.CreateDirectory(directory);
        LockProbe.Run(directory, options.AllowNetworkFileSystem);
        ObserverLock.Create(directory);
        SemaphoreMeta meta = SemaphoreMeta.OpenOrCreate(directory, capacity);
        return meta.Capacity == capacity
            ? new CrossProcessSemaphore(name, fullRoot, directory, meta, options)
            : throw new CapacityMismatchException(name, directory, meta.Capacity, capacity);
    }

    /// <summary>Describes a semaphore from outside, without taking part: for tools, while everything else is stuck.</summary>
    /// <param name="root">The directory under which it lives.</param>
    /// <param name="name">Its name.</param>
    /// <returns>Who holds and who waits.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such semaphore.</exception>
    /// <exception cref="InvalidDataException">The directory holds something else.</exception>
    public static SemaphoreDescription Describe(string root, string name)
    {
        CheckName(name);
        return SemaphoreFiles.Describe(root, name);
    }

    /// <summary>Lists the semaphores under a directory.</summary>
    /// <param name="root">The directory under which they live.</param>
    /// <returns>Their names, sorted.</returns>
    public static IReadOnlyList<string> List(string root) => SemaphoreFiles.List(root);

    /// <summary>Describes this semaphore: who holds its permits in all processes, and who waits.</summary>
    /// <returns>A description of this moment.</returns>
    public SemaphoreDescription Describe() => SemaphoreFiles.Describe(Name, Directory, Capacity);

    /// <summary>Returns something that a <see cref="LockSet"/> takes several permits with.</summary>
    /// <param name="count">Permits, 1 to <see cref="Capacity"/>.</param>
    /// <returns>A request for that many permits of this semaphore.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public ILockable Permits(int count)
    {
        CheckCount(count);
        return new PermitRequest(this, count, "");
    }

    /// <summary>Waits for a permit.</summary>
    /// <inheritdoc cref="AcquireAsync(int, string, CancellationToken, string, string, int)"/>
    public ValueTask<PermitLease> AcquireAsync(CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AcquireAsync(1, "", cancellationToken, member, file, line);

    /// <summary>Waits for permits, all or nothing.</summary>
    /// <param name="count">Permits, 1 to <see cref="Capacity"/>.</param>
    /// <param name="purpose">What they are for, shown by <see cref="Describe()"/>; cut at 255 bytes.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The lease; dispose it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    /// <exception cref="LockOrderException">The semaphore has a level, and the flow holds a lock of the same or a higher one.</exception>
    /// <exception cref="DeadlockException">The wait was part of a circle that could not resolve itself.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing is held.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    public ValueTask<PermitLease> AcquireAsync(int count, string purpose, CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        // Not an async method: the ambient record of what this flow holds has to be set in the caller's own context.
        ValueTask<LockResult> result =
            AloneAsync(count, purpose, Timeout.InfiniteTimeSpan, new CallSite(member, file, line), cancellationToken);
        return result.IsCompletedSuccessfully ? new(Lease(result.Result, cancellationToken)!) : CertainAsync(result, cancellationToken);
    }

    /// <summary>Waits for permits for a limited time, all or nothing.</summary>
    /// <param name="timeout">How long to wait; zero for one try, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="count">Permits, 1 to <see cref="Capacity"/>.</param>
    /// <param name="purpose">What they are for, shown by <see cref="Describe()"/>; cut at 255 bytes.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The lease, or null when the time was over.</returns>
    /// <inheritdoc cref="AcquireAsync(int, string, CancellationToken, string, string, int)" path="/exception"/>
    public ValueTask<PermitLease?> TryAcquireAsync(
        TimeSpan timeout, int count = 1, string purpose = "", CancellationToken cancellationToken = default,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ValueTask<LockResult> result = AloneAsync(count, purpose, timeout, new CallSite(member, file, line), cancellationToken);
        return result.IsCompletedSuccessfully ? new(Lease(result.Result, cancellationToken)) : LeaseAsync(result, cancellationToken);
    }

    /// <summary>Closes the files. Permits that are still held through this object come back at once, as at the death of a process.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        SemaphoreFiles.RemoveOpen(this);
        _permits.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Capacity} permits)");

    bool ILockable.TryEnter(IAcquisition holder, bool isOnlyTry, out object? lease) => TryEnter(holder, 1, isOnlyTry, out lease);

    ValueTask<LockGrant> ILockable.EnterAsync(IAcquisition holder, TimeSpan timeout, CancellationToken cancellationToken) =>
        EnterAsync(holder, 1, timeout, cancellationToken);

    void ILockable.Exit(IAcquisition holder, object? lease) => ((PermitLease)lease!).Return();

    internal WaitTarget TargetOf(int wanted) => new(Name, Level, Directory, Capacity, wanted, AddHolders);

    internal bool TryEnter(IAcquisition holder, int count, bool isOnlyTry, out object? lease) =>
        _permits.TryEnter(holder, count, isOnlyTry, out lease);

    internal ValueTask<LockGrant> EnterAsync(IAcquisition holder, int count, TimeSpan timeout, CancellationToken cancellationToken) =>
        _permits.EnterAsync(holder, count, timeout, cancellationToken);

    internal void Return(IReadOnlyList<int> permits) => _permits.Return(permits);

    internal void Leak(PermitLease lease)
    {
        LockHolder holder = LockHolder.Of(lease.Holder, Name, Level) with { Purpose = lease.Holder.Purpose };
        lease.Dispose();
        SyncEvents.Log.LeaseLeaked(Name, holder.Site);
        _leaked?.Invoke(holder);
    }

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) || name[0] == '.')
        {
            throw new ArgumentException(
                $"Semaphore name '{name}' is not allowed. Use 1 to 64 ASCII letters, digits, dots, "
                + "hyphens or underscores, not beginning with a dot.", nameof(name));
        }
    }

    private static PermitLease? Lease(LockResult result, CancellationToken cancellationToken) => result switch
    {
        LockResult.Acquired acquired => (PermitLease)acquired.Held.LeaseOf(0)!,
        LockResult.TimedOut => null,
        LockResult.WouldViolateOrder refused => throw new LockOrderException(refused.Violation),
        LockResult.Deadlocked deadlocked => throw new DeadlockException(deadlocked.Graph),
        _ => throw new OperationCanceledException(cancellationToken),
    };

    private static async ValueTask<PermitLease?> LeaseAsync(ValueTask<LockResult> result, CancellationToken cancellationToken) =>
        Lease(await result.ConfigureAwait(false), cancellationToken);

    private static async ValueTask<PermitLease> CertainAsync(ValueTask<LockResult> result, CancellationToken cancellationToken) =>
        Lease(await result.ConfigureAwait(false), cancellationToken)!; // without a time-out there is no null

    private ValueTask<LockResult> AloneAsync(
        int count, string purpose, TimeSpan timeout, CallSite site, CancellationToken cancellationToken)
    {
        CheckCount(count);
        ArgumentNullException.ThrowIfNull(purpose);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<LockResult>(cancellationToken);
        ILockable request = count == 1 && purpose.Length == 0 ? this : new PermitRequest(this, count, purpose);
        return LockAcquisition.TryAcquireAsync(request, timeout, site, cancellationToken);
    }

    private void AddHolders(ICollection<LockHolder> holders)
    {
        if (IsDisposed)
            return;
        foreach (PermitDescription permit in PermitSlots.Describe(Name, Directory, Capacity))
        {
            if (permit.Holder is not null)
                holders.Add(permit.Holder);
        }
    }

    private void CheckCount(int count)
    {
        if (count < 1 || count > Capacity)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count,
                $"{count} permits of '{Name}' were asked for at once. It has {Capacity}; ask for 1 to {Capacity}.");
        }
    }
}
