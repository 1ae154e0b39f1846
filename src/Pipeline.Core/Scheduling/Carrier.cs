namespace Pipeline.Core;

/// <summary>What a run knows of one of its carrier threads. Guarded by the run's gate.</summary>
internal sealed class Carrier
{
    public bool HasArrived; // it has been at the gate
    public bool IsQuick; // it runs a turn that will be over before another thread would be awake
    public bool IsSeen; // an inspection has seen that turn under way before
}
