namespace Pipeline.Processes;

/// <summary>Decides how long to wait before the next worker is started. Guarded by the supervisor's lock.</summary>
internal sealed class CrashRule(ProcessPoolOptions options)
{
    private readonly TimeProvider _clock = options.TimeProvider;
    private long _lastDeath;
    private int _deaths;
    private long? _notBefore;

    /// <summary>Counts a death that the pool did not cause.</summary>
    public void Count()
    {
        long now = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(_lastDeath, now) >= options.HealthyAfter)
            _deaths = 0;
        _lastDeath = now;
        _deaths++;
        if (_deaths <= options.CrashBudget)
            return;
        double factor = Math.Pow(2, Math.Min(_deaths - options.CrashBudget - 1, 40));
        TimeSpan delay = TimeSpan.FromTicks((long)Math.Min(options.RestartDelay.Ticks * factor, options.MaxRestartDelay.Ticks));
        _notBefore = now + (long)(delay.TotalSeconds * _clock.TimestampFrequency);
    }

    /// <summary>Tells how long no worker may be started.</summary>
    public TimeSpan Delay()
    {
        if (_notBefore is not { } until)
            return TimeSpan.Zero;
        TimeSpan left = _clock.GetElapsedTime(_clock.GetTimestamp(), until);
        if (left > TimeSpan.Zero)
            return left;
        _notBefore = null;
        return TimeSpan.Zero;
    }
}
