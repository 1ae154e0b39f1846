namespace Pipeline.Jobs;

/// <summary>What became of a write that named a token.</summary>
public enum CommitOutcome
{
    /// <summary>The token was the job's; the write is durable.</summary>
    Committed,

    /// <summary>The token is not the job's any more. Nothing was changed except <see cref="Job.LateCommits"/>.</summary>
    Refused,
}
