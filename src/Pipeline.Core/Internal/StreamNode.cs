using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core;

/// <summary>The end of a streamed run: the consumer takes results out of the last hop itself, so nobody has to hand them over.</summary>
internal sealed class StreamNode<T>(RunEngine run, Hop<T> input) : EngineNode(run, "stream", workers: 0)
{
    private TaskCompletionSource<bool>? _waiter; // guarded by the run's gate
    private bool _isEnded; // guarded by the run's gate

    public override bool IsCounted => false;

    public override bool MakesTickets => false;

    public override int Waiting => Math.Min(input.Ready, input.Capacity);

    public override int PeakWaiting => input.PeakWaiting;

    public override bool CanStart(long now) => false;

    public override bool IsComplete => true;

    public override double ExpectedCost => 0;

    public override NodeWorker Begin(long now) => throw new InvalidOperationException("A stream has no worker.");

    public override void OnInputChanged(long now)
    {
        if (input.Ready > 0)
            Signal(hasItem: true);
    }

    public override void OnStopping()
    {
        _isEnded = true;
        Signal(hasItem: false);
    }

    public override void DrainTo(ICollection<object> values) => input.DrainTo(values);

    public override ValueTask DisposeWorkersAsync() => ValueTask.CompletedTask;

    public bool TryTake([MaybeNullWhen(false)] out T item) => Run.TryTake(input, out item);

    /// <summary>Waits until there is a result (true) or the run has ended or stops (false).</summary>
    public Task<bool> WaitAsync() => Run.Ask(() =>
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
