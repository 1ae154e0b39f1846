namespace Pipeline.Sync;

/// <summary>A count that several processes add to, in a file that all of them map. No addition is lost when a process is killed.</summary>
/// <remarks>
/// <para>Adding is one atomic instruction on a word that belongs to this process (about as cheap as <see cref="InterlockedCounter"/>). The total is the sum of
/// the words of all processes, read one after the other: exact when no process adds, no snapshot while one does. It is the live view; an invoice is written
/// from a <c>BillingLedger</c>.</para>
/// <para>After the death of a process nothing that it stored is lost. After a power failure the file may be as old as the last
/// <see cref="SharedCounterSet.Checkpoint"/>.</para>
/// <para>Thread-safe. Locking: none; each word is changed by interlocked additions only. After the counter is disposed, adding throws.</para>
/// </remarks>
public sealed class SharedCounter : ICounter, IDisposable
{
    private readonly SharedCounterSet _set;
    private readonly bool _ownsSet;
    private readonly int _index;

    internal SharedCounter(SharedCounterSet set, int index, bool ownsSet)
    {
        _set = set;
        _index = index;
        _ownsSet = ownsSet;
        Definition = set.Definitions[index];
    }

    /// <summary>Gets the counter's name, unit and kind.</summary>
    public CounterDefinition Definition { get; }

    /// <inheritdoc/>
    public long ApproximateTotal
    {
        get
        {
            SyncPoint.Before(SyncPointKind.Read, this);
            return _set.Sum(_index);
        }
    }

    /// <summary>Gets what this process, and dead processes whose place it took over, added.</summary>
    public long OwnPart => _set.OwnPart(_index);

    /// <summary>Opens a file with a single counter, or creates it.</summary>
    /// <param name="path">The file; <c>FILE.stripes</c> beside it holds the lock files. All processes must name the same. Not on a network file system.</param>
    /// <param name="name">The counter's name: 1 to 64 ASCII letters, digits, dots, hyphens or underscores.</param>
    /// <returns>The counter; dispose it.</returns>
    /// <inheritdoc cref="SharedCounterSet.Open(string, IReadOnlyList{CounterDefinition}, SharedCounterSetOptions?)" path="/exception"/>
    public static SharedCounter Open(string path, string name)
    {
        SharedCounterSet set = SharedCounterSet.Open(path, [new CounterDefinition(name)]);
        return new SharedCounter(set, 0, ownsSet: true);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is negative and the counter is a <see cref="CounterKind.Total"/>.</exception>
    public void Add(long delta)
    {
        if (delta < 0 && Definition.Kind == CounterKind.Total)
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta,
                $"Counter '{Definition.Name}' is a total, which never falls. Use a gauge for a level that falls.");
        }

        SyncPoint.Before(SyncPointKind.Update, this);
        _set.Add(_index, delta);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void Increment() => Add(1);

    /// <summary>Closes the file if this counter was opened alone; a counter of a set is closed with its set.</summary>
    public void Dispose()
    {
        if (_ownsSet)
            _set.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => Definition.Name;
}
