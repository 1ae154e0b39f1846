namespace Pipeline.Core;

/// <summary>The end of a streamed run: the consumer takes results out of the last queue itself, so no worker has to hand them over.</summary>
internal sealed class StreamNode<T>(Scheduler scheduler, StageQueue<T> input) : EngineNode<T>(scheduler, "stream", workers: 0, input)
{
    private TaskCompletionSource<bool>? _waiter; // guarded by the run's gate
    private bool _isEnded; // guarded by the run's gate

    public override bool IsComplete => true;

    public override void OnInputChanged(long now)
    {
        if (Input.Ready > 0)
            Signal(hasItem: true);
    }

    public override void OnStopping()
    {
        _isEnded = true;
        Signal(hasItem: false);
    }

    public bool TryTake([MaybeNullWhen(false)] out T item) => Scheduler.TryTake(Input, out item);

    /// <summary>Waits until there is a result (true) or the run has ended or stops (false).</summary>
    public Task<bool> WaitAsync()
    {
        lock (Run.Gate)
        {
            if (_isEnded)
                return Task.FromResult(false);
            if (Input.Ready > 0)
                return Task.FromResult(true);
            _waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    private void Signal(bool hasItem)
    {
        _waiter?.SetResult(hasItem); // continues on another thread, so it may be called under the gate
        _waiter = null;
    }
}
