namespace Pipeline.Jobs;

/// <summary>Says things about states.</summary>
public static class JobStates
{
    /// <summary>Tells whether a job in this state never changes again.</summary>
    /// <param name="state">The state.</param>
    /// <returns>True for done, failed and canceled.</returns>
    public static bool IsFinal(this JobState state) => state is JobState.Done or JobState.Failed or JobState.Canceled;

    /// <summary>Gives the word that the HTTP interface and the command line use, for example <c>running</c>.</summary>
    /// <param name="state">The state.</param>
    /// <returns>The word in lower case.</returns>
    public static string Word(this JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Canceling => "canceling",
        JobState.Done => "done",
        JobState.Failed => "failed",
        JobState.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    /// <summary>Reads the word of a state.</summary>
    /// <param name="word">For example <c>running</c>; case does not matter.</param>
    /// <returns>The state, or null when no state is called so.</returns>
    public static JobState? FromWord(string? word)
    {
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            if (string.Equals(state.Word(), word, StringComparison.OrdinalIgnoreCase))
                return state;
        }

        return null;
    }
}
