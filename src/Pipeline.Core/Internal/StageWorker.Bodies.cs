using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Pipeline.Core;

/// <content>The stage's code and how it is called.</content>
internal sealed partial class StageWorker<TIn, TOut>
{
    private IStageWorker<TIn, TOut>? _body;
    private Func<TIn, TOut>? _function; // the body, when it is a plain function and nothing is to be asked per item
    private Func<TIn, CancellationToken, ValueTask>? _sink; // the user's sink, when the body is one
    private IDroppingWorker? _dropper; // the body, when it may give no result
    private ValueTask<TOut> _pendingBody;
    private bool _isBodyPending;
    private long _bodyStart; // of the item, while the stage is made slower on purpose
    private long _awaitStart; // of a body that waits, while the run calibrates
    private long _awaited; // by bodies of the turn, while the run calibrates

    public async ValueTask DisposeBodyAsync()
    {
        EndTimeout();
        if (_body is not null)
            await _body.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Runs the body on the items that are left.</summary>
    /// <returns>False when a body waits for something asynchronous.</returns>
    private bool ProcessItems()
    {
        if (_isBodyPending)
        {
            if (node.Run.IsCalibrating)
                _awaited += node.Run.Now - _awaitStart;
            ValueTask<TOut> over = _pendingBody;
            _isBodyPending = false;
            _pendingBody = default;
            Accept(over.GetAwaiter().GetResult());
            Prolong();
            GoOn();
        }
        else if (_pendingDelay is { } delay)
        {
            _pendingDelay = null;
            delay.GetAwaiter().GetResult(); // it is over; throws when the run stopped meanwhile
        }

        RunEngine run = node.Run;
        if (_attempt == 1 && _function is { } function) // behind an item that was tried again the others go the usual way, which counts attempts
            ApplyToAll(function);
        else if (_sink is { } sink && !HandAllTo(sink))
            return false;
        while (OwnsItem())
        {
            if (run.IsStopping)
                throw new OperationCanceledException(run.Cancellation);
            if (node.HasEstimateErrors && Ticket.EstimateError is { } error)
                ExceptionDispatchInfo.Throw(error);
            if (node.SlowDown > 0)
                _bodyStart = Stopwatch.GetTimestamp();
            ValueTask<TOut> task = (_body ?? CreateBody()).ProcessAsync(Item, node.Settings.ItemTimeout is null ? run.Cancellation : StartTimeout());
            if (!task.IsCompleted)
            {
                WaitFor(task);
                return false;
            }

            Accept(task.GetAwaiter().GetResult());
            Prolong();
            GoOn();
        }

        return true;
    }

    /// <summary>Runs a plain function on the items that are left. It cannot wait, so nothing else is done for an item; what is left when the run stops or the watch steps in goes the usual way.</summary>
    private void ApplyToAll(Func<TIn, TOut> function)
    {
        RunEngine run = node.Run;
        TIn[] items = _items;
        TOut[] results = _results;
        int i = _begun;
        while (i < _count && !Volatile.Read(ref _isRevoked) && !run.IsStopping)
        {
            TOut result = function(items[i]);
            if (result is null)
            {
                _isTakenOver = true;
                throw NullResult();
            }

            results[i] = result;
            Volatile.Write(ref _begun, ++i);
        }
    }

    /// <summary>Hands the items that are left to the user's sink, while it does not wait.</summary>
    /// <returns>False when it waits.</returns>
    private bool HandAllTo(Func<TIn, CancellationToken, ValueTask> sink)
    {
        RunEngine run = node.Run;
        CancellationToken cancellation = run.Cancellation;
        TIn[] items = _items;
        int i = _begun;
        while (i < _count && !Volatile.Read(ref _isRevoked) && !run.IsStopping)
        {
            ValueTask task = sink(items[i], cancellation);
            if (!task.IsCompleted)
            {
                WaitFor((ValueTask<TOut>)(object)SinkStage<TIn>.Await(task));
                return false;
            }

            task.GetAwaiter().GetResult();
            Volatile.Write(ref _begun, ++i);
        }

        return true;
    }

    private void WaitFor(ValueTask<TOut> task)
    {
        if (_count > 1)
            KeepOnlyThis();
        if (node.Run.IsCalibrating)
            _awaitStart = node.Run.Now;
        _pendingBody = task;
        _isBodyPending = true;
        ResumeAfter(task);
    }

    private InvalidOperationException NullResult() => new($"Stage '{node.Name}' returned null for item {Ticket.Sequence}. A result must not be null.");

    private IStageWorker<TIn, TOut> CreateBody()
    {
        StageWorkerContext context = new(node.Run.PipelineName, node.Name, index, node.Run.Cancellation)
        {
            Body = (node.Stage as IBodyStage)?.Body,
            IsFilter = node.Stage is FilterStage<TIn>,
            Spare = node.Run.SpareWorkersPerItem,
        };
        _body = node.Settings.Executor.CreateWorker(node.Stage, context)
            ?? throw new InvalidOperationException($"Stage '{node.Name}' returned null from CreateWorker. Return a worker object.");
        _dropper = _body as IDroppingWorker;
        if (_body is FunctionStage<TIn, TOut> plain && node.Settings.ItemTimeout is null && node.SlowDown <= 0 && !node.HasEstimateErrors && !ItemTraits<TOut>.MayBeWeighted && node.Output.Hop is not { Estimates: true })
            _function = plain.Function;
        _sink = (_body as SinkStage<TIn>)?.Sink;
        return _body;
    }

    private void Accept(TOut result)
    {
        _isTakenOver = true;
        if (_dropper?.Dropped is { } outcome)
        {
            _results[_begun] = result;
            Release();
            Drop(outcome);
            return;
        }

        if (result is null)
            throw NullResult();
        _results[_begun] = result;

        if (ItemTraits<TOut>.MayBeWeighted)
            _weights[_begun] = result is IWeighted weighted ? Math.Max(0, weighted.WeightBytes) : -1;
        node.Output.Hop?.Estimate(result, Ticket);
    }

    /// <summary>Computes for a share of what the item took, when the run is an experiment. Real time, whatever clock the run has: it is about work.</summary>
    private void Prolong()
    {
        if (node.SlowDown <= 0)
            return;
        long now = Stopwatch.GetTimestamp();
        long end = now + (long)((now - _bodyStart) * node.SlowDown);
        while (Stopwatch.GetTimestamp() < end && !node.Run.IsStopping)
            Thread.SpinWait(20);
    }
}
