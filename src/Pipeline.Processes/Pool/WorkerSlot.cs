using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>One place for a worker that takes calls. Guarded by the supervisor's lock.</summary>
/// <remarks>
/// A slot is vacant (no worker; one is being started or waited for), ready or busy. A death, a kill or a replacement ends a generation; the next worker that is
/// ready begins the next one. Workers are alike, so a spare takes any slot.
/// </remarks>
[DebuggerDisplay("Slot {Index}, generation {Generation}: {Worker}")]
internal sealed class WorkerSlot(int index)
{
    public int Index { get; } = index;

    /// <summary>Gets how many workers have held this slot.</summary>
    public int Generation { get; private set; }

    public PoolWorker? Worker { get; private set; }

    public bool IsVacant => Worker is null;

    public void Attach(PoolWorker worker)
    {
        Worker = worker;
        Generation++;
        worker.Slot = this;
    }

    public void Vacate()
    {
        if (Worker is not null)
            Worker.Slot = null;
        Worker = null;
    }
}
