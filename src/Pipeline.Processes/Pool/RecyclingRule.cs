namespace Pipeline.Processes;

/// <summary>
/// Decides which workers are to be replaced because of their calls, age or memory, and which are to be killed. Guarded by the supervisor's lock.
/// </summary>
internal sealed class RecyclingRule(ProcessPoolOptions options)
{
    /// <summary>Gets a value indicating whether memory decides, so that busy workers are measured from outside.</summary>
    public bool WatchesMemory => options.MemoryLimitBytes is not null || options.RecycleAboveBytes is not null;

    /// <summary>Notes at a worker whether it is to be replaced, and whether it may get another call until then.</summary>
    public void Judge(PoolWorker worker)
    {
        // Half of the way between "replace it" and "kill it" is left for one more call; the other half is for the growth within that call.
        if (options is { RecycleAboveBytes: { } above, MemoryLimitBytes: { } limit })
            worker.MustRest = worker.ResidentBytes > above + ((limit - above) / 2);
        if (worker.RetireReason is not null || worker.Slot is null)
            return;
        if (worker.Served >= options.RecycleAfterCalls)
            worker.RetireReason = $"it served {worker.Served} calls";
        else if (options.RecycleAfter is { } age && options.TimeProvider.GetElapsedTime(worker.StartedAt) >= age)
            worker.RetireReason = $"it is older than {age.TotalSeconds:0.###} s";
        else if (options.RecycleAboveBytes is { } bytes && worker.ResidentBytes > bytes)
            worker.RetireReason = $"it uses {worker.ResidentKiB >> 10} MiB, more than {bytes >> 20} MiB";
    }

    /// <summary>Tells why a worker is to be killed at once; null when it is not.</summary>
    public string? ReasonToKill(PoolWorker worker)
    {
        if (worker.IsUnresponsive(options.UnresponsiveAfter, options.TimeProvider))
            return $"it did not begin a call within {options.UnresponsiveAfter.TotalSeconds:0.###} s";
        if (WatchesMemory)
            worker.Measure();
        return worker.ResidentBytes > options.MemoryLimitBytes
            ? $"it used {worker.ResidentKiB >> 10} MiB; ProcessPoolOptions.MemoryLimitBytes allows {options.MemoryLimitBytes >> 20} MiB"
            : null;
    }
}
