namespace Pipeline.Core;

/// <summary>The checked copy of a run's options.</summary>
internal sealed record RunSettings(int Workers, int? MaxItemsInFlight, long? MemoryBudgetBytes, IProgress<RunProgress>? Progress, TimeSpan ProgressInterval, TimeProvider Clock, long? ExpectedItems, bool RecordTimeline, bool KeepAccounts, StageSlowDown? SlowDown, Action<ItemFailure>? DeadLetter)
{
    public ResumeJournal? Journal { get; init; }

    public WorkerTuningOptions? Tuning { get; init; }

    public Instruments Instruments { get; init; } = Instruments.Of(null);

    public int MaxReportedFailures { get; init; } = int.MaxValue;

    /// <summary>Gets the most workers that a stage may get that takes its number from the run.</summary>
    public int MostWorkers => Tuning is { Apply: true } tuning ? Math.Max(tuning.MaxWorkers, Workers) : Workers;

    /// <summary>Gets how many threads may run bodies at once.</summary>
    public int MostThreads => Tuning is { Apply: true } tuning ? Math.Max(tuning.Processors, Workers) : Workers;

    public static RunSettings Create(RunOptions? options)
    {
        options ??= new RunOptions();
        Check(options);
        return new RunSettings(options.Workers, options.MaxItemsInFlight, options.MemoryBudgetBytes, options.Progress, options.ProgressInterval, options.TimeProvider, options.ExpectedItems, options.RecordTimeline, options.KeepAccounts, options.SlowDown, options.DeadLetter)
        {
            Journal = options.Journal,
            Tuning = Copy(options),
            Instruments = Instruments.Of(options.MeterFactory),
            MaxReportedFailures = options.MaxReportedFailures ?? int.MaxValue,
        };
    }

    /// <summary>Throws when a value is out of its range.</summary>
    public static void Check(RunOptions options)
    {
        if (options.Workers is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(options), options.Workers, $"The run was given {options.Workers} workers. Workers must be 1 to 1,024. Set RunOptions.Workers.");
        if (options.MaxItemsInFlight is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxItemsInFlight, $"The run was given at most {options.MaxItemsInFlight} items in flight. MaxItemsInFlight must be 1 or more, or null for no limit. Set RunOptions.MaxItemsInFlight.");
        if (options.MemoryBudgetBytes is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.MemoryBudgetBytes, $"The run was given a memory budget of {options.MemoryBudgetBytes} bytes. MemoryBudgetBytes must be 1 or more, or null for no limit. Set RunOptions.MemoryBudgetBytes.");
        if (options.ProgressInterval < TimeSpan.FromMilliseconds(10) || options.ProgressInterval > TimeSpan.FromMinutes(1))
            throw new ArgumentOutOfRangeException(nameof(options), options.ProgressInterval, $"The run was given a progress interval of {options.ProgressInterval}. ProgressInterval must be 10 ms to 1 minute. Set RunOptions.ProgressInterval.");
        if (options.ExpectedItems is < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.ExpectedItems, $"The run was told to expect {options.ExpectedItems} items. ExpectedItems must be 0 or more, or null when unknown. Set RunOptions.ExpectedItems.");
        if (options.SlowDown is { } slow && slow.Share is not (>= 0.01 and <= 10))
            throw new ArgumentOutOfRangeException(nameof(options), slow.Share, $"The run was told to slow stage '{slow.Stage}' down by a share of {slow.Share}. The share must be 0.01 to 10. Set RunOptions.SlowDown.");
        if (options.RecordTimeline && !options.KeepAccounts)
            throw new ArgumentException("The run was told to record a timeline and to keep no accounts. A timeline is made of the same time stamps. Set RunOptions.KeepAccounts, or leave RecordTimeline unset.", nameof(options));
        if (options.MaxReportedFailures is < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxReportedFailures, $"The run was told to report {options.MaxReportedFailures} failures. MaxReportedFailures must be 0 or more, or null for all. Set RunOptions.MaxReportedFailures.");
        if (options.WorkerTuning is { } tuning)
            Check(tuning, options);
        if (options.TimeProvider is null)
            throw new ArgumentException("The run was given no clock. TimeProvider must not be null. Set RunOptions.TimeProvider, for example to TimeProvider.System.", nameof(options));
    }

    private static void Check(WorkerTuningOptions tuning, RunOptions options)
    {
        if (tuning.CalibrationItems is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(options), tuning.CalibrationItems, $"The run was told to calibrate its workers with {tuning.CalibrationItems} items. CalibrationItems must be 1 to 1,000,000. Set WorkerTuningOptions.CalibrationItems.");
        if (tuning.MaxWorkers is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(options), tuning.MaxWorkers, $"The run was told to recommend at most {tuning.MaxWorkers} workers. MaxWorkers must be 1 to 1,024. Set WorkerTuningOptions.MaxWorkers.");
        if (tuning.Processors is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(options), tuning.Processors, $"The run was told to keep {tuning.Processors} processors busy. Processors must be 1 to 1,024. Set WorkerTuningOptions.Processors.");
        if (!options.KeepAccounts)
            throw new ArgumentException("The run was told to calibrate its workers and to keep no accounts. The calibration reads them. Set RunOptions.KeepAccounts, or leave WorkerTuning unset.", nameof(options));
    }

    private static WorkerTuningOptions? Copy(RunOptions options) => options.WorkerTuning is not { } tuning
        ? null
        : new WorkerTuningOptions { CalibrationItems = tuning.CalibrationItems, MaxWorkers = tuning.MaxWorkers, Processors = tuning.Processors, Apply = tuning.Apply };
}
