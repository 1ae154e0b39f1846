namespace Pipeline.Testing;

/// <summary>One choice in a state of a program: a participant takes its next step, or is killed.</summary>
public sealed class StateMove
{
    internal StateMove(int participant, bool isCrash) => (Participant, IsCrash) = (participant, isCrash);

    /// <summary>Gets the index of the participant that moves.</summary>
    public int Participant { get; }

    /// <summary>Gets a value indicating whether the participant is killed instead of taking its step.</summary>
    public bool IsCrash { get; }

    /// <summary>Gets what the move did, for example <c>read total: 0</c>.</summary>
    public string Text { get; internal set; } = "";

    /// <summary>Gets the index of the state that it leads to.</summary>
    public int Next { get; internal set; } = -1;
}
