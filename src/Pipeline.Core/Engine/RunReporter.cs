namespace Pipeline.Core;

/// <summary>What a run tells about itself: progress while it goes on, and the report of its end.</summary>
/// <remarks>Locking rule: it reads nodes, accounts and the ledger under the run's gate, and calls the receiver of progress outside it.</remarks>
internal sealed class RunReporter(RunContext run, WorkerTuner? tuner) : IObservedRun
{
    private readonly TimeSpan _pausesAtStart = GC.GetTotalPauseDuration();
    private readonly TimeSpan _processorTimeAtStart = ProcessorTime();
    private IReadOnlyList<FlowNode> _nodes = []; // in order of flow; written once before start
    private long? _expectedItems; // written once before start
    private ITimer? _timer; // written once before start
    private long _snapshots; // guarded by the run's gate
    private int _isReporting; // Interlocked only: a report is under way

    public string PipelineName => run.PipelineName;
    private IEnumerable<FlowNode> Stages => _nodes.Where(node => node.CountsAgainstWorkers);

    public void Prepare(IReadOnlyList<FlowNode> nodes, long? expectedItems)
    {
        _nodes = nodes;
        _expectedItems = expectedItems;
    }

    public RunProgress Snapshot()
    {
        lock (run.Gate)
        {
            ItemLedger ledger = run.Ledger;
            long now = run.Now;
            TimeSpan elapsed = run.Clock.GetElapsedTime(run.StartedAt, now);
            long completed = ledger.Count(ItemOutcome.Completed);
            long failed = ledger.Count(ItemOutcome.Failed);
            long skipped = ledger.Count(ItemOutcome.Skipped);
            return new RunProgress(
                ++_snapshots,
                elapsed,
                ledger.ItemsTaken,
                completed,
                failed,
                skipped,
                _expectedItems,
                elapsed > TimeSpan.Zero ? completed / elapsed.TotalSeconds : 0,
                TimeLeft(completed + failed + skipped, elapsed),
                run.Budget.InFlightBytes,
                [.. Stages.Select(node => new StageProgress(
                    node.Name, node.Items, node.Failures, node.Account.Running, node.Waiting, Time(node.Account.BusySoFar(now))))]);
        }
    }

    public void StartProgress()
    {
        RunOptions settings = run.Settings;
        if (settings.Progress is not null)
        {
            _timer = run.Clock.CreateTimer(
                static reporter => ((RunReporter)reporter!).ReportProgress(), this, settings.ProgressInterval, settings.ProgressInterval);
        }
    }

    public async Task EndProgressAsync()
    {
        if (_timer is null)
            return;
        await _timer.DisposeAsync().ConfigureAwait(false);
        ReportProgress();
    }

    public RunReport CreateReport(RunOutcome outcome)
    {
        lock (run.Gate)
        {
            ItemLedger ledger = run.Ledger;
            long now = run.Now;
            foreach (FlowNode node in _nodes)
                node.Account.Settle(now);
            return new RunReport
            {
                PipelineName = run.PipelineName,
                Outcome = outcome,
                Elapsed = run.Clock.GetElapsedTime(run.StartedAt, now),
                ItemsIn = ledger.ItemsTaken,
                ItemsResumed = run.Journal?.PassedOver ?? 0,
                ItemsCompleted = ledger.Count(ItemOutcome.Completed),
                ItemsFailed = ledger.Count(ItemOutcome.Failed),
                ItemsSkipped = ledger.Count(ItemOutcome.Skipped),
                ItemsUnfinished = ledger.Count(ItemOutcome.Unfinished) + ledger.Live,
                MemoryBudgetBytes = run.Budget.LimitBytes,
                PeakInFlightBytes = run.Budget.PeakBytes,
                ItemsOverBudget = run.Budget.OversizeItems,
                Stages = [.. Stages.Select(CreateReport)],
                Failures = [.. ledger.Failures],
                Workers = run.BodyLimit,
                WorkerDecisions = tuner is null ? [] : [.. tuner.Decisions],
                MaxItemsInFlight = run.Settings.MaxItemsInFlight,
                Source = CreateReport(_nodes[0]),
                Sink = _nodes[^1] is { Workers: > 0, CountsAgainstWorkers: false } sink ? CreateReport(sink) : null,
                GarbageCollectionPauses = GC.GetTotalPauseDuration() - _pausesAtStart,
                HasAccounts = run.KeepsAccounts,
                ProcessorTime = ProcessorTime() - _processorTimeAtStart,
                Processors = Environment.ProcessorCount,
                Timeline = run.Timeline is not { } timeline ? []
                    : [.. timeline.Rows.Select(row =>
                        new TimelineEntry(row.Stage, row.Worker, row.Sequence, Time(row.Start - run.StartedAt),
                        Time(row.End - run.StartedAt)))],
            };
        }
    }

    private StageReport CreateReport(FlowNode node)
    {
        StageAccount account = node.Account;
        return new StageReport
        {
            Name = node.Name,
            Workers = node.Workers,
            Items = node.Items,
            Retries = node.Retries,
            Failures = node.Failures,
            Busy = Time(account.Busy),
            Starved = Time(account.Starved),
            Blocked = Time(account.Room + account.Admission),
            BlockedByAdmission = Time(account.Admission),
            Ordering = Time(account.Ordering),
            Framework = Time(account.Framework),
            PeakQueueLength = node.PeakWaiting,
            Capacity = node.Profile?.Capacity ?? 0,
            Order = node.Profile?.Order ?? StageOrder.Input,
            FollowsRunWorkers = node.Profile is { Workers: null },
            ItemSeconds = node.Observations.TakeBusyBySequence(1.0 / run.Clock.TimestampFrequency),
            WorkerTotals = [.. node.Observations.Workers.Select(w => new WorkerTotal(w.Items, Time(w.Busy)))],
        };
    }

    private TimeSpan? TimeLeft(long finished, TimeSpan elapsed)
    {
        if (_expectedItems is not { } expected || finished == 0)
            return null;
        double left = Math.Max(0, expected - finished - (run.Journal?.PassedOver ?? 0)) * (elapsed.TotalSeconds / finished);
        return left < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(left) : null;
    }

    /// <summary>Reports once, unless the receiver is still busy with the last report.</summary>
    private void ReportProgress()
    {
        if (Interlocked.Exchange(ref _isReporting, 1) != 0)
            return;
        try
        {
            run.Settings.Progress!.Report(Snapshot());
        }
        catch (Exception error)
        {
            run.Stop(new PipelineStageException("progress", run.Ledger.ItemsTaken, item: null, attempt: 1, error));
        }
        finally
        {
            Volatile.Write(ref _isReporting, 0);
        }
    }

    private static TimeSpan ProcessorTime() =>
        OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? Environment.CpuUsage.TotalTime
            : TimeSpan.Zero;

    private TimeSpan Time(long stamps) =>
        TimeSpan.FromTicks((long)((Int128)stamps * TimeSpan.TicksPerSecond / run.Clock.TimestampFrequency));
}
