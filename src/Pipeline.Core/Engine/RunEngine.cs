namespace Pipeline.Core;

/// <summary>One run from its beginning to its end: makes its parts, starts it, stops it, and completes it when no carrier is left.</summary>
/// <remarks>Locking rule: what is guarded by the gate is guarded by <see cref="RunContext.Gate"/>. Tokens are canceled and tasks completed outside
/// it.</remarks>
[SuppressMessage("Design", "CA1001",
    Justification = "Its cancellation sources hold nothing but registrations, and Stop may come from any thread at any time.")]
internal sealed class RunEngine
{
    private readonly TaskCompletionSource<RunReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationTokenSource _sourceStop = new();
    private readonly CancellationToken _callerToken;
    private readonly RunReporter _reporter;
    private EngineNode[] _nodes = []; // in order of flow; written once before start
    private CancellationTokenRegistration _callerRegistration; // written once before start
    private PipelineStageException? _error; // guarded by the gate
    private RunOutcome? _stopOutcome; // guarded by the gate: why the run stopped before its end

    public RunEngine(string name, RunOptions settings, CancellationToken callerToken)
    {
        _callerToken = callerToken;
        Run = new RunContext(name, settings, _cancellation.Token, _sourceStop.Token) { Stop = error => Stop(RunOutcome.Faulted, error) };
        WorkerTuner? tuner = settings.WorkerTuning is null ? null : new WorkerTuner(Run);
        Scheduler = new Scheduler(Run, tuner, () => _ = EndAsync()); // the task is the run's Completion and never throws
        _reporter = new RunReporter(Run, tuner);
    }

    public RunContext Run { get; }
    public Scheduler Scheduler { get; }
    public Task<RunReport> Completion => _completion.Task;
    public RunReport? Report { get; private set; }

    /// <summary>Takes the items out of a source that the journal knows to be finished.</summary>
    public ItemSource<T> Resume<T>(ItemSource<T> source)
    {
        if (Run.Settings.Journal is not { } any)
            return source;
        if (any is not ResumeJournal<T> journal)
        {
            string taken = string.Join(", ", any.GetType().GenericTypeArguments.Select(type => type.Name));
            throw new ArgumentException(
                $"The run of '{Run.PipelineName}' takes items of {typeof(T).Name}, and its journal '{any.Path}' takes items of {taken}. " +
                    "Open the journal for the items of the source.");
        }

        JournalRun<T> use = journal.BeginRun(
            error => Run.Stop(new PipelineStageException("journal", Run.Ledger.ItemsTaken, item: null, attempt: 1, error)));
        Run.Journal = use;
        return new JournaledSource<T>(source, use, Run);
    }

    /// <summary>Gives the run its nodes, in order of flow; called once, before it starts.</summary>
    public void Prepare(EngineNode[] nodes, TicketPool pool, long? sourceCount)
    {
        _nodes = nodes;
        Scheduler.Prepare(nodes);
        Run.Ledger.Prepare(pool, Array.Exists(nodes, static node => node.MakesTickets));
        _reporter.Prepare(nodes, Run.Settings.ExpectedItems ?? sourceCount);
        if (Run.Settings.SlowDown is { } slow && !Array.Exists(nodes, static node => node.SlowDown > 0))
        {
            string stages = string.Join(", ",
                nodes.Where(static node => node.CountsAgainstWorkers).Select(static node => $"'{node.Name}'"));
            throw new ArgumentException($"The run was told to slow down '{slow.Stage}', which is no stage of '{Run.PipelineName}' that " +
                $"gives one result per item. Name one of {stages}.");
        }

        Run.Instruments.Enter(_reporter);
        Activity? current = Activity.Current;
        Run.Activity = Instruments.Activities.CreateActivity("pipeline.run", ActivityKind.Internal)
            ?.SetTag("pipeline.name", Run.PipelineName).Start();
        Activity.Current = current; // the caller's own activity goes on
    }

    /// <summary>Starts the run on threads of its own.</summary>
    public void Start()
    {
        Scheduler.Begin();
        _reporter.StartProgress();
        _callerRegistration = _callerToken.UnsafeRegister(static engine => ((RunEngine)engine!).Cancel(), this);
        Scheduler.Start();
    }

    /// <summary>Runs everything on the calling thread, one item per turn, and throws when the run failed.</summary>
    public void RunOnThisThread()
    {
        Run.IsSynchronous = true;
        _reporter.StartProgress();
        Scheduler.CarryHere();
        Completion.GetAwaiter().GetResult(); // the carrier is done, so only the disposal of workers can take time
    }

    public RunProgress Snapshot() => _reporter.Snapshot();
    public void Cancel() => Stop(RunOutcome.Canceled, error: null);

    /// <summary>Takes nothing more from the source and lets everything under way finish.</summary>
    public void Drain()
    {
        bool drains = Scheduler.ChangeUnderGate(() =>
        {
            if (Run.IsOver || Run.IsStopping || Run.IsDraining)
                return false;
            Run.IsDraining = true;
            return true;
        });
        if (drains)
            CancelQuietly(_sourceStop);
    }

    private void Stop(RunOutcome outcome, PipelineStageException? error)
    {
        bool stops = Scheduler.ChangeUnderGate(() =>
        {
            if (Run.IsOver || Run.IsStopping)
                return false;
            _stopOutcome = outcome;
            _error = error;
            Run.IsStopping = true;
            foreach (EngineNode node in _nodes)
                node.OnStopping();
            return true;
        });
        if (!stops)
            return;
        CancelQuietly(_sourceStop);
        CancelQuietly(_cancellation);
    }

    private static void CancelQuietly(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // A callback that user code registered on the token threw; the run stops all the same.
        }
    }

    /// <summary>Frees what is left, makes the report and completes the run. Runs after the last carrier and never throws.</summary>
    private async Task EndAsync()
    {
        // No carrier is left, so the nodes no longer change and are read without the gate.
        PipelineStageException? disposalError = null;
        Scheduler.End();
        List<object> undelivered = [];
        foreach (EngineNode node in _nodes)
            node.DrainTo(undelivered);
        foreach (object item in undelivered)
            Run.Ledger.DisposeItem(item);

        // Every worker and the journal are ended, also when one of them throws; the first error counts.
        foreach (EngineNode node in _nodes)
            await TryAsync(node.DisposeWorkersAsync, node.Name).ConfigureAwait(false);
        if (Run.Journal is { } journal)
            await TryAsync(() => new ValueTask(journal.EndRunAsync()), "journal").ConfigureAwait(false);
        await Run.Ledger.EndDisposalsAsync().ConfigureAwait(false);
        await _callerRegistration.DisposeAsync().ConfigureAwait(false);
        if (disposalError is not null && _stopOutcome is null)
        {
            _stopOutcome = RunOutcome.Faulted;
            _error = disposalError;
        }

        RunReport report = _reporter.CreateReport(_stopOutcome ?? (Run.IsDraining ? RunOutcome.Drained : RunOutcome.Completed));
        Report = report;
        lock (Run.Gate)
        {
            foreach (EngineNode node in _nodes)
                node.OnStopping();
        }

        await _reporter.EndProgressAsync().ConfigureAwait(false);
        Run.Instruments.Leave(_reporter);
        EndActivity(report.Outcome);
        Complete(report);

        async ValueTask TryAsync(Func<ValueTask> end, string stage)
        {
            try
            {
                await end().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                disposalError ??= new PipelineStageException(stage, Run.Ledger.ItemsTaken, item: null, attempt: 1, error);
            }
        }
    }

    private void EndActivity(RunOutcome outcome)
    {
        try
        {
            Run.Activity?.SetStatus(outcome == RunOutcome.Faulted ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
            Run.Activity?.Dispose();
        }
        catch (Exception)
        {
            // A listener that throws is no reason not to complete the run.
        }
    }

    private void Complete(RunReport report)
    {
        switch (report.Outcome)
        {
            case RunOutcome.Faulted:
                _completion.SetException(_error!);
                break;
            case RunOutcome.Canceled:
                _completion.SetCanceled(_callerToken.IsCancellationRequested ? _callerToken : Run.Cancellation);
                break;
            default:
                _completion.SetResult(report);
                break;
        }
    }
}
