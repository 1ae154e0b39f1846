namespace Pipeline.Testing;

/// <summary>Ends the wait for a participant that does not stop in time, by a clock that stands still while the whole process does.</summary>
/// <remarks>
/// A laptop that sleeps, a debugger, or a container that is paused stops the participant as well as the watchdog. By the wall clock the time
/// is then over before the participant had any, and a correct program would be reported. So the time is counted in ticks of a timer: those
/// that the process missed do not come later.
/// <para>Locking: one thread arms and waits, ticks come on any thread; <c>_left</c> decides between them.</para>
/// </remarks>
internal sealed class Watchdog : IDisposable
{
    private const int MostTicks = 20;

    private readonly SemaphoreSlim _stopped;
    private readonly ITimer _timer;
    private readonly int _ticks;
    private int _left; // Interlocked only; ticks until it bites, 0 or less while it is not armed

    public Watchdog(SemaphoreSlim stopped, TimeSpan limit, TimeProvider clock)
    {
        (_stopped, Limit) = (stopped, limit);
        _ticks = (int)Math.Clamp(limit.TotalMilliseconds, 1, MostTicks);
        TimeSpan tick = limit / _ticks;
        _timer = clock.CreateTimer(static watchdog => ((Watchdog)watchdog!).Tick(), this, tick, tick);
    }

    public TimeSpan Limit { get; }

    /// <summary>Starts the time. To be called before the participant runs, because it may block before <see cref="Wait"/> is called.</summary>
    public void Arm() => Interlocked.Exchange(ref _left, _ticks + 1); // the first tick may come at once

    /// <summary>Waits until the participant has stopped; false when it did not in time.</summary>
    public bool Wait()
    {
        _stopped.Wait();
        return Interlocked.Exchange(ref _left, 0) > 0 || _stopped.Wait(0);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _stopped.Release();
    }
}
