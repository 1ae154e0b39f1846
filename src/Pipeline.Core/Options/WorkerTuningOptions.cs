namespace Pipeline.Core;

/// <summary>Asks a run to find out, from its first items, how many workers it should have.</summary>
/// <remarks>Bodies that wait asynchronously (network, disks, other processes) leave processors idle when there are only as many bodies as processors. The run
/// measures how much of its bodies' time is waiting and recommends, by Little's law, as many bodies as keep the processors busy: processors times busy time
/// over computing time. A body that blocks its thread while it waits counts as computing, because the run cannot tell the two apart.</remarks>
public sealed class WorkerTuningOptions
{
    /// <summary>Gets or sets how many items every stage must have worked on before the run decides.</summary>
    /// <value>Items, 1 to 1,000,000; default 50. A run that ends before decides nothing.</value>
    public int CalibrationItems { get; set; } = 50;

    /// <summary>Gets or sets the most workers that are recommended.</summary>
    /// <value>1 to 1,024; default: 8 for each processor of this machine.</value>
    public int MaxWorkers { get; set; } = Math.Clamp(8 * Environment.ProcessorCount, 1, 1024);

    /// <summary>Gets or sets how many processors there are to keep busy.</summary>
    /// <value>1 to 1,024; default: the processors of this machine.</value>
    public int Processors { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 1024);

    /// <summary>Gets or sets a value indicating whether the run goes on with the recommended number.</summary>
    /// <value>Default false: it is only reported. True: it replaces <see cref="RunOptions.Workers"/> from then on, for the run and for the stages that take
    /// their number from it. Stages with a number of their own keep it.</value>
    public bool Apply { get; set; }

    internal WorkerTuningOptions Copy() => (WorkerTuningOptions)MemberwiseClone();

    internal void Check(string parameter)
    {
        Refusal refusal = new(parameter, "The run", nameof(WorkerTuningOptions));
        if (CalibrationItems is < 1 or > 1_000_000)
            throw refusal.OutOfRange(CalibrationItems, "told to calibrate its workers with {0} items", "1 to 1,000,000");
        if (MaxWorkers is < 1 or > 1024)
            throw refusal.OutOfRange(MaxWorkers, "told to recommend at most {0} workers", "1 to 1,024");
        if (Processors is < 1 or > 1024)
            throw refusal.OutOfRange(Processors, "told to keep {0} processors busy", "1 to 1,024");
    }
}
