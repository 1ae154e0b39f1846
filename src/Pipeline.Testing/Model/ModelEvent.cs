namespace Pipeline.Testing;

/// <summary>An event: participants wait for it until one sets it.</summary>
public sealed class ModelEvent : ModelResource
{
    private bool _isSet;

    internal ModelEvent(ModelRun run, string name)
        : base(run, name)
    {
    }

    /// <summary>Waits until the event is set.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Wait() =>
        new(Run, new StepShape(this, StepEffect.Reads, $"wait for {Name}"), () => _isSet, () => true, _ => $"wait for {Name}: set");

    /// <summary>Sets the event; it stays set.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Set() => Change(true, "set");

    /// <summary>Resets the event.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Reset() => Change(false, "reset");

    internal override string Show() => _isSet ? "set" : "not set";

    private ModelStep<bool> Change(bool value, string verb) =>
        new(Run, new StepShape(this, StepEffect.Writes, $"{verb} {Name}"), null, () => _isSet = value, _ => $"{verb} {Name}");
}
