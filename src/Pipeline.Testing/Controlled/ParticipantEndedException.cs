namespace Pipeline.Testing;

/// <summary>Unwinds the thread of a participant after its run has been judged.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "User code must not "
    + "catch it by name; it only unwinds a thread of a run that is over.")]
internal sealed class ParticipantEndedException : Exception
{
    public ParticipantEndedException()
        : base("The run of the explorer has ended, and this participant ends with it.")
    {
    }
}
