namespace Pipeline.Testing;

/// <summary>One step of a run, as told to a reader.</summary>
/// <param name="Number">The number of steps before this one, 0 or more; the number that preemptions and crashes refer to.</param>
/// <param name="Participant">The index of the participant that took the step, or that died.</param>
/// <param name="Text">What the step did, for example <c>read total: 0</c>.</param>
/// <param name="Preempted">The index of the participant that could have gone on instead; -1 without a preemption.</param>
/// <param name="IsCrash">Whether the participant died here.</param>
/// <param name="State">The shared state after the step, as name and value, in the order of declaration.</param>
public sealed record TraceStep(
    int Number, int Participant, string Text, int Preempted, bool IsCrash, IReadOnlyList<KeyValuePair<string, string>> State);
