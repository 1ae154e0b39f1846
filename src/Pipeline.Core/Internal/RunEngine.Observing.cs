namespace Pipeline.Core;

/// <summary>What a run tells about itself.</summary>
internal sealed partial class RunEngine
{
    private long? _expectedItems; // written once before start
    private ITimer? _progressTimer; // written once before start
    private long _snapshots; // guarded by _gate
    private int _isReporting; // Interlocked only: a report is under way
    private readonly Timeline _timeline = new(); // guarded by _gate
    private long _lastStamp; // guarded by _gate
    private readonly TimeSpan _pausesAtStart = GC.GetTotalPauseDuration();
    private readonly TimeSpan _processorTimeAtStart = ProcessorTime();

    /// <summary>Takes a time stamp for the accounts; 0 when they are not kept.</summary>
    public long StampUnsynchronized() => KeepsAccounts ? _lastStamp = Now : 0;

    /// <summary>
    /// Gives the time stamp at which a turn ends. The one that its worker took after its last body serves again: what the carrier waits for the gate counts
    /// to what it does next. Others may have been at the gate meanwhile, and stamps must only rise.
    /// </summary>
    private long StampUnsynchronized(NodeWorker ended) =>
        ended.EndedAt == 0 || !KeepsAccounts ? StampUnsynchronized() : _lastStamp = Math.Max(_lastStamp, ended.EndedAt);

    /// <summary>Keeps what the profiler needs of a turn that ends.</summary>
    public void ObserveUnsynchronized(EngineNode node, int worker, long sequence, int items, long busy, long start, long end)
    {
        if (!KeepsAccounts)
            return;
        node.Observations.Record(worker, sequence, items, busy);
        if (_settings.RecordTimeline)
            _timeline.Add(node, worker, sequence, items, start, end);
    }

    public RunProgress Snapshot()
    {
        lock (_gate)
        {
            long now = Now;
            TimeSpan elapsed = Clock.GetElapsedTime(StartedAt, now);
            long finished = _outcomes[(int)ItemOutcome.Completed] + _outcomes[(int)ItemOutcome.Failed] + _outcomes[(int)ItemOutcome.Skipped];
            double rate = elapsed > TimeSpan.Zero ? _outcomes[(int)ItemOutcome.Completed] / elapsed.TotalSeconds : 0;
            return new RunProgress(
                ++_snapshots,
                elapsed,
                ItemsTaken,
                _outcomes[(int)ItemOutcome.Completed],
                _outcomes[(int)ItemOutcome.Failed],
                _outcomes[(int)ItemOutcome.Skipped],
                _expectedItems,
                rate,
                TimeLeft(finished, elapsed),
                Budget.InFlightBytes,
                [.. StageNodes().Select(node => new StageProgress(node.Name, node.Items, node.Failures, node.Account.Running, node.Waiting, Time(node.Account.BusySoFar(now))))]);
        }
    }

    private TimeSpan? TimeLeft(long finished, TimeSpan elapsed)
    {
        if (_expectedItems is not { } expected || finished == 0)
            return null;
        double left = Math.Max(0, expected - finished - (Journal?.PassedOver ?? 0)) * (elapsed.TotalSeconds / finished);
        return left < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(left) : null;
    }

    private IEnumerable<EngineNode> StageNodes() => _nodes.Where(node => node.IsCounted);

    private void StartProgress()
    {
        if (_settings.Progress is not null)
            _progressTimer = Clock.CreateTimer(static engine => ((RunEngine)engine!).ReportProgress(), this, _settings.ProgressInterval, _settings.ProgressInterval);
    }

    /// <summary>Reports once, unless the receiver is still busy with the last report.</summary>
    private void ReportProgress()
    {
        if (Interlocked.Exchange(ref _isReporting, 1) != 0)
            return;
        try
        {
            _settings.Progress!.Report(Snapshot());
        }
        catch (Exception error)
        {
            Stop(new PipelineStageException("progress", ItemsTaken, item: null, attempt: 1, error));
        }
        finally
        {
            Volatile.Write(ref _isReporting, 0);
        }
    }

    private async Task EndProgressAsync()
    {
        if (_progressTimer is null)
            return;
        await _progressTimer.DisposeAsync().ConfigureAwait(false);
        ReportProgress();
    }

    private RunReport CreateReport(RunOutcome outcome)
    {
        lock (_gate)
        {
            long now = Now;
            foreach (EngineNode node in _nodes)
                node.Account.Settle(now);
            return new RunReport
            {
                PipelineName = PipelineName,
                Outcome = outcome,
                Elapsed = Clock.GetElapsedTime(StartedAt, now),
                ItemsIn = ItemsTaken,
                ItemsResumed = Journal?.PassedOver ?? 0,
                ItemsCompleted = _outcomes[(int)ItemOutcome.Completed],
                ItemsFailed = _outcomes[(int)ItemOutcome.Failed],
                ItemsSkipped = _outcomes[(int)ItemOutcome.Skipped],
                ItemsUnfinished = _outcomes[(int)ItemOutcome.Unfinished] + _live,
                MemoryBudgetBytes = Budget.LimitBytes,
                PeakInFlightBytes = Budget.PeakBytes,
                ItemsOverBudget = Budget.OversizeItems,
                Stages = [.. StageNodes().Select(CreateReport)],
                Failures = [.. _failures],
                Workers = _bodyLimit,
                WorkerDecisions = [.. _decisions],
                MaxItemsInFlight = _settings.MaxItemsInFlight,
                Source = CreateReport(_nodes[0]),
                Sink = _nodes[^1] is { Workers: > 0, IsCounted: false } sink ? CreateReport(sink) : null,
                GarbageCollectionPauses = GC.GetTotalPauseDuration() - _pausesAtStart,
                HasAccounts = KeepsAccounts,
                ProcessorTime = ProcessorTime() - _processorTimeAtStart,
                Processors = Environment.ProcessorCount,
                Timeline = [.. _timeline.Rows.Select(t => new TimelineEntry(t.Node.Name, t.Worker, t.Sequence, Time(t.Start - StartedAt), Time(t.End - StartedAt)))],
            };
        }
    }

    private StageReport CreateReport(EngineNode node)
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
            ItemSeconds = node.Observations.TakeBusyBySequence(1.0 / Clock.TimestampFrequency),
            WorkerTotals = [.. node.Observations.Workers.Select(w => new WorkerTotal(w.Items, Time(w.Busy)))],
        };
    }

    private static TimeSpan ProcessorTime() =>
        OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? Environment.CpuUsage.TotalTime : TimeSpan.Zero;

    private TimeSpan Time(long stamps) => TimeSpan.FromTicks((long)((Int128)stamps * TimeSpan.TicksPerSecond / Clock.TimestampFrequency));
}
