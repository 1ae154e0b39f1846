using System.Runtime.CompilerServices;

namespace Pipeline.Testing;

/// <summary>One step of a model program. Awaiting it hands control to the explorer, which decides who takes the next step.</summary>
/// <typeparam name="T">What the step gives back.</typeparam>
/// <remarks>
/// A step happens as one: no other participant runs between its beginning and its end. Everything between two awaits is private work and takes no
/// place in the schedule, so shared state is touched through steps only. Await a step once, at once, inside a participant.
/// </remarks>
public sealed class ModelStep<T> : ICriticalNotifyCompletion, IModelStep
{
    private readonly ModelRun _run;
    private readonly Func<bool>? _enabled;
    private readonly Func<T> _execute;
    private readonly Func<T, string> _describe;
    private T? _result;
    private Exception? _error;
    private bool _executed;

    internal ModelStep(ModelRun run, StepShape shape, Func<bool>? enabled, Func<T> execute, Func<T, string> describe)
    {
        _run = run;
        Shape = shape;
        _enabled = enabled;
        _execute = execute;
        _describe = describe;
        run.Announce(this);
    }

    /// <summary>Gets whether the step has been taken; false, because every step waits for the scheduler.</summary>
    public bool IsCompleted
    {
        get
        {
            _run.TakeNote(this);
            if (_run.IsControlled)
                return _executed;
            Execute();
            return true;
        }
    }

    internal StepShape Shape { get; }

    StepShape IModelStep.Shape => Shape;

    bool IModelStep.IsEnabled => _enabled is null || _enabled();

    string IModelStep.Text => _error is not null ? $"{Shape.Intent}: {_error.Message}" : _describe(_result!);

    /// <summary>Gets the awaiter, which is the step itself.</summary>
    /// <returns>This step.</returns>
    public ModelStep<T> GetAwaiter() => this;

    /// <summary>Gets what the step gave back.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="SynchronizationLockException">The step was not allowed, for example a release by someone who does not hold the lock.</exception>
    /// <exception cref="InvalidOperationException">The step has not been taken.</exception>
    public T GetResult()
    {
        if (!_executed)
            throw new InvalidOperationException($"The step '{Shape.Intent}' has not been taken. Await it inside a participant.");
        if (_error is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_error);
        return _result!;
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _run.Park(this, continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _run.Park(this, continuation);

    void IModelStep.Execute() => Execute();

    private void Execute()
    {
        if (_executed)
            throw new InvalidOperationException($"The step '{Shape.Intent}' was awaited twice. Create a new step for each await.");
        _executed = true;
        try
        {
            _result = _execute();
        }
        catch (SynchronizationLockException refused)
        {
            _error = refused;
        }
    }
}
