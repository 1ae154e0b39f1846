namespace Pipeline.Testing;

/// <summary>A counting semaphore: so many permits, each held by one participant (a license pool).</summary>
/// <remarks>
/// At the end of every run the explorer checks that no permit is lost. What a crash does to held permits is chosen at creation.
/// No queue: any waiter may be next.
/// </remarks>
public sealed class ModelSemaphore : ModelResource
{
    private readonly CrashEffect _onCrash;
    private readonly List<int> _holders = [];

    internal ModelSemaphore(ModelRun run, string name, int permits, CrashEffect onCrash)
        : base(run, name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        Permits = permits;
        _onCrash = onCrash;
    }

    /// <summary>Gets how many permits exist.</summary>
    /// <value>1 or more.</value>
    public int Permits { get; }

    /// <summary>Gets how many permits are free now, for rules.</summary>
    /// <value>0 to <see cref="Permits"/>.</value>
    public int Free => Permits - _holders.Count;

    internal override IReadOnlyList<int> Holders => _holders;

    /// <summary>Takes permits, waiting until enough are free; all in one step, so no participant holds some while it waits for more.</summary>
    /// <param name="count">How many; 1 to <see cref="Permits"/>, default 1.</param>
    /// <returns>The step.</returns>
    public ModelStep<bool> Acquire(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Permits);
        int caller = Run.Current;
        return new(Run, new StepShape(this, StepEffect.Writes, $"take {Amount(count)} of {Name}"), () => Free >= count,
            () =>
            {
                _holders.AddRange(Enumerable.Repeat(caller, count));
                return true;
            },
            _ => $"take {Amount(count)} of {Name} ({Free} left)");
    }

    /// <summary>Gives permits back.</summary>
    /// <param name="count">How many; 1 or more, default 1.</param>
    /// <returns>The step.</returns>
    public ModelStep<bool> Release(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int caller = Run.Current;
        return new(Run, new StepShape(this, StepEffect.Writes, $"return {Amount(count)} of {Name}"), null,
            () =>
            {
                int held = _holders.Count(holder => holder == caller);
                if (held < count)
                    throw new SynchronizationLockException($"{Run.NameOf(caller)} returns {Amount(count)} of {Name}, but holds {held}");
                for (int i = 0; i < count; i++)
                    _ = _holders.Remove(caller);
                return true;
            },
            _ => $"return {Amount(count)} of {Name} ({Free} left)");
    }

    internal override string Show() => $"{Free} of {Permits} free";

    internal override void OnCrash(int participant)
    {
        if (_onCrash == CrashEffect.ReturnedByKernel)
            _holders.RemoveAll(holder => holder == participant);
    }

    internal override string? JudgeEnd() => _holders.Count == 0
        ? null
        : $"{Name} lost {_holders.Count} of {Permits} permits: {string.Join(", ", _holders.Distinct().Select(Run.NameOf))} ended "
            + $"without returning it";

    private static string Amount(int count) => count == 1 ? "a permit" : $"{count} permits";
}
