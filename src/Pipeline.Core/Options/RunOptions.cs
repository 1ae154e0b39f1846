using System.Diagnostics.Metrics;

namespace Pipeline.Core;

/// <summary>Settings of one run. They are checked and copied when the run starts.</summary>
public sealed class RunOptions
{
    /// <summary>Gets or sets how many stage bodies may run at the same time over all stages, and the workers of stages that set none.</summary>
    /// <value>1 to 1,024; default: the processors of this machine. Later stages go first, so that items finish before new ones start.</value>
    public int Workers { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 1024);

    /// <summary>Gets or sets how many items may be between source and sink.</summary>
    /// <value>Items, 1 or more; null, the default, leaves the limit to the capacities of the stages.</value>
    public int? MaxItemsInFlight { get; set; }

    /// <summary>Gets or sets how many bytes the items in flight may hold.</summary>
    /// <value>Bytes, 1 or more; null, the default, for no limit. Reserved before a stage starts an item, for stages that implement <see
    /// cref="IWeightEstimator{TIn}"/>, and trued up by <see cref="IWeighted"/> results. The item at the head of the order is always admitted, so a single item
    /// larger than the budget runs alone and is reported. What a one-to-many stage gives is weighed when it is made: each of its workers makes the next part
    /// only while the budget is not used up, unless a batch further down collects the parts.</value>
    public long? MemoryBudgetBytes { get; set; }

    /// <summary>Gets or sets the receiver of progress, called with cumulative snapshots from one thread of the run at a time.</summary>
    /// <value>Null, the default, for none. It must return at once.</value>
    public IProgress<RunProgress>? Progress { get; set; }

    /// <summary>Gets or sets the least time between two progress reports.</summary>
    /// <value>10 ms to 1 minute; default 200 ms. The last report comes when the run ends.</value>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets or sets the clock of the run.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets how many items the source will give, for progress and ETA.</summary>
    /// <value>Items; null, the default, when unknown (collections tell their count themselves).</value>
    public long? ExpectedItems { get; set; }

    /// <summary>Gets or sets a value indicating whether the report tells when which worker worked on which item.</summary>
    /// <value>Default false. It keeps one entry per item and stage, up to 100,000; later ones are left out. Tiny items that a worker took at once share their
    /// time evenly.</value>
    public bool RecordTimeline { get; set; }

    /// <summary>Gets or sets a value indicating whether the run measures where the time of its workers goes.</summary>
    /// <value>Default true. False saves about 0.1 µs per item and stage: the report then has no times and cannot be profiled, and results are the same.</value>
    public bool KeepAccounts { get; set; } = true;

    /// <summary>Gets or sets a stage to make slower on purpose, for an experiment.</summary>
    /// <value>Null, the default, for none. Only stages that give one result per item can be slowed down.</value>
    public StageSlowDown? SlowDown { get; set; }

    /// <summary>Gets or sets the receiver of items that failed for good, after all attempts.</summary>
    /// <value>Null, the default, for none. Called by the thread that worked on the item, several at a time; an exception of it stops the run. Called once per
    /// failure: a batch that fails for each of its items, and each part that fails with the item that it came from.</value>
    public Action<ItemFailure>? DeadLetter { get; set; }

    /// <summary>Gets or sets whether and how the run finds out how many workers it should have.</summary>
    /// <value>Null, the default: it does not. Decisions are in <see cref="RunReport.WorkerDecisions"/>.</value>
    public WorkerTuningOptions? WorkerTuning { get; set; }

    /// <summary>Gets or sets the journal of finished items, so that a run passes over those that an earlier one finished.</summary>
    /// <value>Null, the default, for none. The run does not dispose it.</value>
    /// <remarks>An item is finished when its result has been through the sink, or when a stage filtered it out; a failed item is not, so a later run tries it
    /// again. A result of <c>StreamAsync</c> is finished when the next one is asked for. An item whose record was lost in a kill is done again. A journal that
    /// could not be written is refused by later runs with an <see cref="IOException"/>.</remarks>
    public ResumeJournal? Journal { get; set; }

    /// <summary>Gets or sets how many failed items <see cref="RunReport.Failures"/> lists, for runs that last long.</summary>
    /// <value>Entries, 0 or more; null, the default, for all. Later ones are counted, and told to <see cref="DeadLetter"/>, all the same.</value>
    public int? MaxReportedFailures { get; set; }

    /// <summary>Gets or sets where the meter of the run comes from.</summary>
    /// <value>Null, the default, for one meter per process. Either way it is called <c>Pipeline.Core</c>.</value>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>Checks all values as the start of a run does, for programs that want to know before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range; the message names it.</exception>
    /// <exception cref="ArgumentException">A value is missing.</exception>
    public void Validate() => Check("options");

    /// <summary>Gets the most workers that a stage may get that takes its number from the run.</summary>
    internal int MostWorkers => WorkerTuning is { Apply: true } tuning ? Math.Max(tuning.MaxWorkers, Workers) : Workers;

    /// <summary>Gets how many threads may run bodies at once.</summary>
    internal int MostThreads => WorkerTuning is { Apply: true } tuning ? Math.Max(tuning.Processors, Workers) : Workers;

    /// <summary>Checks options, null for the defaults, and copies them, so that a run does not see later changes.</summary>
    internal static RunOptions CheckedCopy(RunOptions? options)
    {
        options ??= new RunOptions();
        options.Check(nameof(options));
        RunOptions copy = (RunOptions)options.MemberwiseClone();
        copy.WorkerTuning = options.WorkerTuning?.Copy();
        return copy;
    }

    private void Check(string parameter)
    {
        Refusal refusal = new(parameter, "The run", nameof(RunOptions));
        if (Workers is < 1 or > 1024)
            throw refusal.OutOfRange(Workers, "given {0} workers", "1 to 1,024");
        if (MaxItemsInFlight is < 1)
            throw refusal.OutOfRange(MaxItemsInFlight, "given at most {0} items in flight", "1 or more, or null for no limit");
        if (MemoryBudgetBytes is < 1)
            throw refusal.OutOfRange(MemoryBudgetBytes, "given a memory budget of {0} bytes", "1 or more, or null for no limit");
        if (ProgressInterval < TimeSpan.FromMilliseconds(10) || ProgressInterval > TimeSpan.FromMinutes(1))
            throw refusal.OutOfRange(ProgressInterval, "given a progress interval of {0}", "10 ms to 1 minute");
        if (ExpectedItems is < 0)
            throw refusal.OutOfRange(ExpectedItems, "told to expect {0} items", "0 or more, or null when unknown");
        if (SlowDown is { Share: not (>= 0.01 and <= 10) } slow)
        {
            throw refusal.OutOfRange(slow.Share, $"told to slow stage '{slow.Stage}' down by a share of {{0}}", "a share of 0.01 to 10",
                nameof(SlowDown));
        }

        if (MaxReportedFailures is < 0)
            throw refusal.OutOfRange(MaxReportedFailures, "told to report {0} failures", "0 or more, or null for all");
        if (TimeProvider is null)
            throw refusal.Missing("given no clock", nameof(TimeProvider), "TimeProvider.System");
        WorkerTuning?.Check(parameter);
        if (!KeepAccounts && (RecordTimeline || WorkerTuning is not null))
        {
            throw new ArgumentException(
                $"The run was told to {(RecordTimeline ? "record a timeline" : "calibrate its workers")} and to keep no accounts, which " +
                    "that " +
                "reads. Set RunOptions.KeepAccounts, or leave RecordTimeline and WorkerTuning unset.", parameter);
        }
    }
}
