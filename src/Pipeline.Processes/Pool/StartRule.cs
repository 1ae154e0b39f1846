namespace Pipeline.Processes;

/// <summary>
/// Decides how many workers to start: first the slots, then the spares, none while the crash budget is used up. Guarded by the supervisor's lock.
/// </summary>
internal sealed class StartRule(ProcessPoolOptions options)
{
    private readonly CrashRule _crashes = new(options);
    private int _failures; // starts in a row that failed

    /// <summary>Gets how many processes are being started.</summary>
    public int Starting { get; private set; }

    /// <summary>Gets a value indicating whether so many starts in a row failed that waiting calls fail too.</summary>
    public bool HasGivenUp => _failures >= options.MaxStartFailures;

    public void NoteReady()
    {
        Starting--;
        _failures = 0;
    }

    /// <summary>A start failed.</summary>
    /// <param name="counts">Whether it was a failure, or the pool is closed and killed it.</param>
    public void NoteFailed(bool counts)
    {
        Starting--;
        if (!counts)
            return;
        _failures++;
        _crashes.Count();
    }

    /// <summary>A worker that was ready died without the pool's doing.</summary>
    public void NoteDeath() => _crashes.Count();

    /// <summary>Tells how many workers to start now; they count as starting from here on.</summary>
    public StartsDue Due(Roster roster, int callsWaiting)
    {
        if (HasGivenUp && callsWaiting == 0)
            return default; // the next call makes the next attempt
        int vacant = roster.Vacant;

        // Spares come after the workers: they must not compete with them for the processors at the start. A worker that is to be replaced needs a spare too.
        int wanted = vacant > 0 ? vacant : Math.Max(options.WarmSpares, roster.HasRetiring ? 1 : 0);
        int due = wanted - roster.Spares.Count - Starting;
        if (due <= 0)
            return default;
        TimeSpan delay = _crashes.Delay();
        if (delay > TimeSpan.Zero)
            return new StartsDue(0, delay, false);
        Starting += due;

        // A worker warms up on a second processor, if none is taken away from others by that.
        return new StartsDue(due, TimeSpan.Zero, vacant > 0 && (2 * Starting) + roster.Busy <= Environment.ProcessorCount);
    }
}
