namespace Pipeline.Testing;

/// <summary>What the scheduler must know about a step before it is taken.</summary>
/// <param name="Resource">The resource that it touches; null for a step that touches nothing shared.</param>
/// <param name="Effect">How it touches the resource.</param>
/// <param name="Intent">The text of the step without its result, for example "read total".</param>
internal sealed record StepShape(ModelResource? Resource, StepEffect Effect, string Intent)
{
    /// <summary>Tells whether this step and another one can change places without any effect.</summary>
    public bool IsIndependentOf(StepShape other)
    {
        if (Effect == StepEffect.Orders || other.Effect == StepEffect.Orders)
            return false;
        bool shared = Resource is not null && Resource == other.Resource;
        return !shared || (Effect == StepEffect.Reads && other.Effect == StepEffect.Reads);
    }
}
