using System.Diagnostics;

namespace Pipeline.Testing;

/// <summary>A participant of a model program in one run.</summary>
[DebuggerDisplay("{Name}, attempt {Attempt}: {Pending}")]
internal sealed class ModelParticipant(string name, Func<int, Task> body, bool canCrash, int restarts)
{
    private Task _task = Task.CompletedTask;
    private Action? _continuation;
    private IModelStep? _announced; // created, and not awaited yet
    private bool _dead;

    public string Name { get; } = name;

    /// <summary>Gets the step that it waits to take; null when it has ended, or waits for something else.</summary>
    public IModelStep? Pending { get; private set; }

    public int Attempt { get; private set; }

    public long WakeAt { get; set; } = -1;

    /// <summary>Gets or sets the operation under way that the linearizability rule judges.</summary>
    public OperationRecord? Operation { get; set; }

    /// <summary>Gets whether it has just been started again, so that the supervisor may let others go first.</summary>
    public bool JustRestarted { get; private set; }

    public bool IsDone => _dead || (Pending is null && _task.IsCompleted);

    public bool MayCrash => canCrash && !IsDone;

    public Exception? Error => _dead ? null : _task.Exception?.InnerException ?? (_task.IsCompleted ? Forgotten("ended") : null);

    /// <summary>Gets whether it waits for something that is no step of the model.</summary>
    public bool IsUncontrolled => !_dead && Pending is null && !_task.IsCompleted;

    public void Launch()
    {
        Attempt++;
        _dead = false;
        JustRestarted = Attempt > 1;
        try
        {
            _task = body(Attempt);
        }
        catch (Exception error)
        {
            _task = Task.FromException(error); // a body that is no async method throws here; it is judged like one that does
        }
    }

    public void Announce(IModelStep step)
    {
        if (Forgotten($"went on to '{step.Shape.Intent}'") is { } error)
            throw error;
        _announced = step;
    }

    public void TakeNote(IModelStep awaited)
    {
        if (_announced == awaited)
            _announced = null;
    }

    public void Park(IModelStep step, Action continuation)
    {
        Debug.Assert(Pending is null, "A participant has at most one pending step.");
        (Pending, _continuation) = (step, continuation);
    }

    public void Resume()
    {
        Action continuation = _continuation!;
        (Pending, _continuation, WakeAt, JustRestarted) = (null, null, -1, false);
        continuation();
    }

    /// <summary>Kills it: the continuation is dropped, so no <c>finally</c> runs. Returns whether it may start again.</summary>
    public bool Die()
    {
        (Pending, _continuation, _announced, WakeAt, Operation, _dead) = (null, null, null, -1, null, true);
        return Attempt <= restarts;
    }

    // While its code runs, nothing of it can be pending, unless a call was not awaited.
    private InvalidOperationException? Forgotten(string what) => (_announced ?? Pending) is { } step
        ? new InvalidOperationException($"it {what} while the step '{step.Shape.Intent}' was not awaited, so that step would have no "
            + $"place in the schedule. Await every step and every call that takes steps; what should run beside it is a participant of "
            + $"its own")
        : null;
}
