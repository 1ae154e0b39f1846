using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core;

/// <summary>The end of a streamed run: the consumer takes results out of the last hop itself, so nobody has to hand them over.</summary>
internal sealed class StreamNode<T>(RunEngine run, Hop<T> input) : EngineNode(run, "stream", workers: 0)
{
    private TaskCompletionSource<bool>? _waiter; // guarded by the run's gate
    private bool _isEnded; // guarded by the run's gate

    internal override bool IsCounted => false;

    internal override bool MakesTickets => false;

    internal override int Waiting => Math.Min(input.Ready, input.Capacity);

    internal override int PeakWaiting => input.PeakWaiting;

    internal override bool CanStart(long now) => false;

    internal override bool IsComplete => true;

    internal override double ExpectedCost => 0;

    internal override NodeWorker Begin(long now) => throw new InvalidOperationException("A stream has no worker.");

    internal override void OnInputChanged(long now)
    {
        if (input.Ready > 0)
            Signal(hasItem: true);
    }

    internal override void OnStopping()
    {
        _isEnded = true;
        Signal(hasItem: false);
    }

    internal override void DrainTo(ICollection<object> values) => input.DrainTo(values);

    internal override ValueTask DisposeWorkersAsync() => ValueTask.CompletedTask;

    internal bool TryTake([MaybeNullWhen(false)] out T item) => Run.TryTake(input, out item);

    /// <summary>Waits until there is a result (true) or the run has ended or stops (false).</summary>
    internal Task<bool> WaitAsync() => Run.Ask(() =>
    {
        if (_isEnded)
            return Task.FromResult(false);
        if (input.Ready > 0)
            return Task.FromResult(true);
        _waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiter.Task;
    });

    private void Signal(bool hasItem)
    {
        _waiter?.SetResult(hasItem); // continues on another thread, so it may be called under the gate
        _waiter = null;
    }
}
