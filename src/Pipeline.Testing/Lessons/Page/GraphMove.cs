namespace Pipeline.Testing.Lessons.Page;

/// <summary>One choice of the learner: a participant takes its next step, or is killed.</summary>
internal sealed class GraphMove(int participant, bool isCrash)
{
    public int Participant { get; } = participant;

    public bool IsCrash { get; } = isCrash;

    /// <summary>Gets or sets what the move did, for the trace.</summary>
    public string Text { get; set; } = "";

    /// <summary>Gets or sets the state that it leads to.</summary>
    public int Next { get; set; } = -1;
}
