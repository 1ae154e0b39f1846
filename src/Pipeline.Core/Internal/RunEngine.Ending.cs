using System.Diagnostics;

namespace Pipeline.Core;

/// <summary>How a run is stopped and how it ends.</summary>
internal sealed partial class RunEngine
{
    private readonly TaskCompletionSource<RunReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not disposed: they hold nothing but registrations, and Stop may come from any thread at any time.
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationTokenSource _sourceStop = new();
    private readonly CancellationToken _callerToken;
    private readonly List<ItemFailure> _failures = []; // guarded by _gate
    private readonly List<Task> _disposals = []; // guarded by _gate: asynchronous disposals under way
    private readonly long[] _outcomes = new long[4]; // guarded by _gate, by ItemOutcome
    private CancellationTokenRegistration _callerRegistration; // written once before start
    private PipelineStageException? _error; // guarded by _gate
    private RunOutcome? _stopOutcome; // guarded by _gate: why the run stopped before its end
    private bool _isDraining; // guarded by _gate
    private volatile bool _isStopping; // written under _gate, read anywhere

    public Task<RunReport> Completion => _completion.Task;

    /// <summary>Gets the token of stage bodies.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Gets the token that ends a wait for the source's next item.</summary>
    public CancellationToken SourceStop { get; }

    /// <summary>Gets a value indicating whether no body may start any more.</summary>
    public bool IsStopping => _isStopping;

    public RunReport? Report { get; private set; }

    public void Cancel() => Stop(RunOutcome.Canceled, error: null);

    public void Stop(PipelineStageException error) => Stop(RunOutcome.Faulted, error);

    /// <summary>Takes nothing more from the source and lets everything under way finish.</summary>
    public void Drain()
    {
        bool needsCarrier;
        lock (_gate)
        {
            if (_isOver || _isStopping || _isDraining)
                return;
            _isDraining = true;
            needsCarrier = AddCarrierUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();

        CancelQuietly(_sourceStop);
    }

    public void ThrowIfStopping()
    {
        if (_isStopping)
            throw new OperationCanceledException(Cancellation);
    }

    public void CountRetry(EngineNode node)
    {
        lock (_gate)
            node.Retries++;
    }

    /// <summary>Notes an item that failed for good, or every item of a batch that did, and stops the run when the stage's policy says so.</summary>
    public void Fail(EngineNode node, FailurePolicy policy, Ticket ticket, object? item, int attempts, Exception error)
    {
        bool stops;
        List<ItemFailure> failures = [];
        lock (_gate)
        {
            AddFailuresUnsynchronized(failures, node.Name, ticket, attempts, error);
            node.Failures++;
            _failures.AddRange(failures.Take((int)Math.Min(failures.Count, _settings.MaxReportedFailures - _failures.Count)));
            long judged = node.Items + node.LeftOut + node.Failures;
            stops = policy.StopsRun
                || node.Failures > policy.MaxFailures
                || (judged >= 20 && node.Failures > policy.MaxFailureRate * judged);
        }

        Exception? refused = null;
        foreach (ItemFailure failure in failures)
        {
            try
            {
                _settings.DeadLetter?.Invoke(failure);
            }
            catch (Exception exception)
            {
                refused ??= exception; // the others are told all the same
            }
        }

        if (stops)
            Stop(new PipelineStageException(node.Name, ticket.Sequence, item, attempts, error));
        else if (refused is not null)
            Stop(new PipelineStageException("dead letter", ticket.Sequence, item, attempt: 1, refused));
    }

    /// <summary>Tells of every item that is lost with the ticket: the members of a batch, also when the first part fails that the batch was split into.</summary>
    private static void AddFailuresUnsynchronized(List<ItemFailure> failures, string stage, Ticket ticket, int attempts, Exception error)
    {
        Ticket whole = ticket;
        while (whole is not BatchTicket && whole.Parent is { } parent)
            whole = parent;
        if (whole is not BatchTicket { IsToldLost: false } batch)
        {
            failures.Add(new ItemFailure(stage, ticket.Sequence, ticket.Source, attempts, error));
            return;
        }

        batch.IsToldLost = true;
        foreach (Ticket member in batch.Members)
            AddFailuresUnsynchronized(failures, stage, member, attempts, error);
    }

    /// <summary>Disposes an item that is not delivered. Never throws: the run goes on or ends for a better reason.</summary>
    public void DisposeItem(object? item)
    {
        try
        {
            if (item is IDisposable disposable)
            {
                disposable.Dispose();
            }
            else if (item is IAsyncDisposable asynchronous)
            {
                Task disposal = asynchronous.DisposeAsync().AsTask();
                if (!disposal.IsCompletedSuccessfully)
                {
                    lock (_gate)
                        _disposals.Add(disposal);
                }
            }
        }
        catch (Exception)
        {
            // An item that fails to dispose cannot be helped, and hiding the run's own outcome would be worse.
        }
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

    private void Stop(RunOutcome outcome, PipelineStageException? error)
    {
        bool needsCarrier;
        lock (_gate)
        {
            if (_isOver || _isStopping)
                return;
            _stopOutcome = outcome;
            _error = error;
            _isStopping = true;
            foreach (EngineNode node in _nodes)
                node.OnStopping();
            needsCarrier = AddCarrierUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();

        CancelQuietly(_sourceStop);
        CancelQuietly(_cancellation);
    }

    /// <summary>Frees what is left, makes the report and completes the run. Runs after the last carrier and never throws.</summary>
    private async Task EndAsync()
    {
        PipelineStageException? disposalError = null;
        _context = null; // whoever keeps the run does not keep what its caller had
        if (_isWatched)
            RunWatch.Remove(this);
        List<object> undelivered = [];
        foreach (EngineNode node in _nodes)
            node.DrainTo(undelivered);
        foreach (object item in undelivered)
            DisposeItem(item);
        foreach (EngineNode node in _nodes)
        {
            try
            {
                await node.DisposeWorkersAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                disposalError ??= new PipelineStageException(node.Name, ItemsTaken, item: null, attempt: 1, error);
            }
        }

        try
        {
            await (Journal?.EndRunAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            disposalError ??= new PipelineStageException("journal", ItemsTaken, item: null, attempt: 1, error);
        }

        foreach (Task disposal in _disposals)
            await disposal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _callerRegistration.DisposeAsync().ConfigureAwait(false);
        if (disposalError is not null && _stopOutcome is null)
        {
            _stopOutcome = RunOutcome.Faulted;
            _error = disposalError;
        }

        RunReport report = CreateReport(_stopOutcome ?? (_isDraining ? RunOutcome.Drained : RunOutcome.Completed));
        Report = report;
        lock (_gate)
        {
            foreach (EngineNode node in _nodes)
                node.OnStopping();
        }

        await EndProgressAsync().ConfigureAwait(false);
        _settings.Instruments.Leave(this);
        EndActivity(report.Outcome);
        Complete(report);
    }

    private void EndActivity(RunOutcome outcome)
    {
        try
        {
            _activity?.SetStatus(outcome == RunOutcome.Faulted ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
            _activity?.Dispose();
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
                _completion.SetCanceled(_callerToken.IsCancellationRequested ? _callerToken : Cancellation);
                break;
            default:
                _completion.SetResult(report);
                break;
        }
    }
}
