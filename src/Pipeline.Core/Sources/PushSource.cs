namespace Pipeline.Core;

/// <summary>A source that writers hand items to. An item is taken only when the run asks for one, so nothing waits in between uncounted.</summary>
/// <remarks>Locking rule: everything is guarded by <see cref="_gate"/>. Tasks are completed outside it. It is never held together with the run's gate: the run
/// asks for an item outside its own.</remarks>
internal sealed class PushSource<T> : ItemSource<T>
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Writer> _writers = []; // guarded by _gate: those that wait for the run to ask
    private TaskCompletionSource<bool>? _asking; // guarded by _gate: the run waits for an item
    private T _current = default!; // written before the run is told that there is one
    private bool _isCompleted; // guarded by _gate
    private CancellationTokenRegistration _stop; // written by the run's only reader

    public override T Current => _current;

    public async ValueTask WriteAsync(T item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<bool>? asking;
        LinkedListNode<Writer>? place = null;
        lock (_gate)
        {
            if (_isCompleted)
                throw Closed();
            asking = _asking;
            _asking = null;
            if (asking is not null)
                _current = item;
            else
                place = _writers.AddLast(new Writer(item));
        }

        if (place is null)
        {
            asking!.SetResult(true);
            return;
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ => GiveUp(place, cancellationToken), null);
        await place.Value.Taken.Task.ConfigureAwait(false);
    }

    public void Complete() => Close(runEnds: false);

    public override ValueTask<bool> MoveNextAsync(CancellationToken stop)
    {
        if (_stop == default)
            _stop = stop.UnsafeRegister(static source => ((PushSource<T>)source!).Close(runEnds: true), this);
        TaskCompletionSource? taken = null;
        Task<bool>? wait = null;
        lock (_gate)
        {
            if (_writers.First is { } first)
            {
                _writers.RemoveFirst();
                _current = first.Value.Item;
                taken = first.Value.Taken;
            }
            else if (!_isCompleted)
            {
                _asking = new TaskCompletionSource<bool>();
                wait = _asking.Task;
            }
        }

        taken?.SetResult();
        return wait is not null ? new ValueTask<bool>(wait) : new ValueTask<bool>(taken is not null);
    }

    public override async ValueTask DisposeAsync()
    {
        Close(runEnds: true);
        await _stop.DisposeAsync().ConfigureAwait(false);
    }

    private static InvalidOperationException Closed() =>
        new("The run takes no more items: its input is completed, or it drains, stops or has ended. The item was not taken. Start a new " +
            "run for it.");

    private void Close(bool runEnds)
    {
        TaskCompletionSource<bool>? asking;
        List<Writer> refused = [];
        lock (_gate)
        {
            _isCompleted = true;
            asking = _asking;
            _asking = null;
            if (runEnds)
            {
                refused.AddRange(_writers);
                _writers.Clear();
            }
        }

        asking?.SetResult(false);
        foreach (Writer writer in refused)
            writer.Taken.SetException(Closed());
    }

    private void GiveUp(LinkedListNode<Writer> place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (place.List is null)
                return; // taken meanwhile
            _writers.Remove(place);
        }

        place.Value.Taken.SetCanceled(cancellationToken);
    }

    private sealed record Writer(T Item)
    {
        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
