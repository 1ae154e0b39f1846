using System.Diagnostics;

namespace Pipeline.Profiling;

/// <summary>A part of stage bodies that only one at a time may run, measured: a lock that the profiler knows.</summary>
/// <remarks>
/// Create one per protected thing and run, enter it inside stage bodies, and give it to the analysis. Thread-safe. Like any lock it
/// must not be held over an <c>await</c>; the scope is a ref struct, so the compiler sees to that.
/// </remarks>
[DebuggerDisplay("{Name} of {Stage}: {Entries} entries")]
public sealed class SerialSection
{
    private readonly Lock _lock = new();
    private long _entries; // guarded by _lock
    private long _held; // guarded by _lock, in time stamps
    private long _waited; // guarded by _lock, in time stamps

    /// <summary>Makes a section.</summary>
    /// <param name="name">Its name in reports.</param>
    /// <param name="stage">The stage whose bodies enter it; the simulation lets that stage wait for it.</param>
    public SerialSection(string name, string stage)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(stage);
        (Name, Stage) = (name, stage);
    }

    /// <summary>Gets the name in reports.</summary>
    public string Name { get; }

    /// <summary>Gets the stage whose bodies enter it.</summary>
    public string Stage { get; }

    /// <summary>Gets how often it was entered and left.</summary>
    public long Entries
    {
        get
        {
            lock (_lock)
                return _entries;
        }
    }

    /// <summary>Gets the time inside.</summary>
    public TimeSpan Held
    {
        get
        {
            lock (_lock)
                return Stopwatch.GetElapsedTime(0, _held);
        }
    }

    /// <summary>Gets the time that bodies waited for each other.</summary>
    public TimeSpan Waited
    {
        get
        {
            lock (_lock)
                return Stopwatch.GetElapsedTime(0, _waited);
        }
    }

    /// <summary>Enters; waits while another body is inside.</summary>
    /// <returns>A scope that leaves when it is disposed, on the same thread.</returns>
    public Scope Enter()
    {
        long asked = Stopwatch.GetTimestamp();
        _lock.Enter();
        long entered = Stopwatch.GetTimestamp();
        _waited += entered - asked;
        return new Scope(this, entered);
    }

    private void Leave(long entered)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "A section is left on the thread that entered it.");
        _held += Stopwatch.GetTimestamp() - entered;
        _entries++;
        _lock.Exit();
    }

    /// <summary>The time inside a section.</summary>
    public ref struct Scope
    {
        private SerialSection? _section;
        private readonly long _entered;

        internal Scope(SerialSection section, long entered) => (_section, _entered) = (section, entered);

        /// <summary>Leaves the section; a second call does nothing.</summary>
        public void Dispose()
        {
            _section?.Leave(_entered);
            _section = null;
        }
    }
}
