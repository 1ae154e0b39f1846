using System.Globalization;
using Pipeline.Testing.Internal;

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

    internal ModelSemaphore(ModelWorld world, string name, int permits, CrashEffect onCrash)
        : base(world, name)
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

    /// <summary>Takes a permit, waiting until one is free.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Acquire()
    {
        int caller = World.Current;
        return new(World, new StepShape(this, StepEffect.Writes, $"take a permit of {Name}"), () => Free > 0,
            () =>
            {
                _holders.Add(caller);
                return true;
            },
            _ => string.Create(CultureInfo.InvariantCulture, $"take a permit of {Name} ({Free} left)"));
    }

    /// <summary>Gives a permit back.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Release()
    {
        int caller = World.Current;
        return new(World, new StepShape(this, StepEffect.Writes, $"return a permit of {Name}"), null,
            () => _holders.Remove(caller)
                ? true
                : throw new SynchronizationLockException($"{World.NameOf(caller)} returns a permit of {Name}, but holds none"),
            _ => string.Create(CultureInfo.InvariantCulture, $"return a permit of {Name} ({Free} left)"));
    }

    internal override string Show() => string.Create(CultureInfo.InvariantCulture, $"{Free} of {Permits} free");

    internal override void OnCrash(int participant)
    {
        if (_onCrash == CrashEffect.ReturnedByKernel) _holders.RemoveAll(holder => holder == participant);
    }

    internal override string? JudgeEnd() => _holders.Count == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{Name} lost {_holders.Count} of {Permits} permits: {string.Join(", ", _holders.Select(World.NameOf))} ended without returning one");
}
