namespace Pipeline.Jobs.Tests;

/// <summary>What is broken on purpose in a model, to show that its rules notice.</summary>
public enum Mutation
{
    None,

    /// <summary>A commit is taken from whoever comes, whatever its token.</summary>
    NoFencing,

    /// <summary>The token is the worker's name, so a second lease of the same worker satisfies the checks of its first.</summary>
    TokenIsWorkerName,

    /// <summary>A timer extends the lease, whether or not the body gets on.</summary>
    HeartbeatByTimer,

    /// <summary>The worker charges, then commits.</summary>
    ChargeBeforeCommit,

    /// <summary>The caller is answered before the row is durable.</summary>
    AnswerBeforeRow,

    /// <summary>Nobody sends again for a row without a message.</summary>
    NoReconciler,


    /// <summary>A worker that drains drops its lease while its body still runs.</summary>
    DrainDropsLease,
}
