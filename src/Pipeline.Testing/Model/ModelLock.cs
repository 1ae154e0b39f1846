namespace Pipeline.Testing;

/// <summary>A lock that one participant can hold.</summary>
/// <remarks>Not reentrant. No queue: when it is released, any waiter may be next, which covers every fairness policy.</remarks>
public sealed class ModelLock : ModelResource
{
    private readonly CrashEffect _onCrash;
    private int _holder = -1;

    internal ModelLock(ModelRun run, string name, CrashEffect onCrash)
        : base(run, name) => _onCrash = onCrash;

    internal override IReadOnlyList<int> Holders => _holder < 0 ? [] : [_holder];

    /// <summary>Takes the lock, waiting as long as another holds it.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Acquire()
    {
        int caller = Run.Current;
        return new(Run, new StepShape(this, StepEffect.Writes, $"acquire {Name}"), () => _holder < 0,
            () =>
            {
                _holder = caller;
                return true;
            },
            _ => $"acquire {Name}");
    }

    /// <summary>Takes the lock if it is free; does not wait.</summary>
    /// <returns>The step; awaiting it gives whether the lock was taken.</returns>
    public ModelStep<bool> TryAcquire()
    {
        int caller = Run.Current;
        return new(Run, new StepShape(this, StepEffect.Writes, $"try {Name}"), null, () => TryTake(caller),
            taken => taken ? $"try {Name}: taken" : $"try {Name}: busy");
    }

    /// <summary>Takes the lock, waiting for at most the given time.</summary>
    /// <param name="timeoutTicks">Ticks of virtual time, 1 or more. Time passes only when no participant can run.</param>
    /// <returns>The step; awaiting it gives whether the lock was taken.</returns>
    public ModelStep<bool> TryAcquire(int timeoutTicks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeoutTicks, 1);
        int caller = Run.Current;
        long deadline = Run.WakeAfter(timeoutTicks);
        return new(Run, new StepShape(this, StepEffect.Orders, $"acquire {Name} within {timeoutTicks} ticks"),
            () => _holder < 0 || Run.Now >= deadline,
            () => Run.Now < deadline && TryTake(caller),
            taken => taken ? $"acquire {Name} in time" : $"acquire {Name}: timed out");
    }

    /// <summary>Gives the lock back.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Release()
    {
        int caller = Run.Current;
        return new(Run, new StepShape(this, StepEffect.Writes, $"release {Name}"), null,
            () =>
            {
                if (_holder != caller)
                    throw new SynchronizationLockException($"{Run.NameOf(caller)} releases {Name}, but "
                        + $"{(_holder < 0 ? "nobody" : Run.NameOf(_holder))} holds it");
                _holder = -1;
                return true;
            },
            _ => $"release {Name}");
    }

    internal override string Show() => _holder < 0 ? "free" : Run.NameOf(_holder);

    internal override void OnCrash(int participant)
    {
        if (_holder == participant && _onCrash == CrashEffect.ReturnedByKernel)
            _holder = -1;
    }

    internal override string? JudgeEnd() =>
        _holder < 0 ? null : $"lock {Name} was never given back: {Run.NameOf(_holder)} ended while holding it";

    private bool TryTake(int caller)
    {
        if (_holder >= 0)
            return false;
        _holder = caller;
        return true;
    }
}
