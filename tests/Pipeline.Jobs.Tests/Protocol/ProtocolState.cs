namespace Pipeline.Jobs.Tests;

/// <summary>Everything there is in the model: one caller, one job, a queue that may repeat and forget, two workers.</summary>
/// <param name="Call">What the caller knows.</param>
/// <param name="Row">The state of the row, the only truth.</param>
/// <param name="Token">The token in the row; 0 for none. Tokens are numbered as they are drawn.</param>
/// <param name="Drawn">Tokens drawn so far.</param>
/// <param name="Messages">Messages about the job in the queue, 0 to 2.</param>
/// <param name="Deaths">Deaths counted in the row.</param>
/// <param name="Drains">How often a worker gave the job back.</param>
/// <param name="A">The first worker.</param>
/// <param name="B">The second worker.</param>
/// <param name="Endings">Terminal transitions that were taken.</param>
/// <param name="WrongCommits">Commits that were taken from a lease that had run out.</param>
/// <param name="Charged">Whether the ledger holds the charge.</param>
/// <param name="IsDropped">Whether a worker gave the job back and works on it all the same.</param>
/// <param name="DoubleWork">Whether two bodies ran at once although no lease had run out.</param>
public readonly record struct ProtocolState(
    CallState Call,
    RowState Row,
    byte Token,
    byte Drawn,
    byte Messages,
    byte Deaths,
    byte Drains,
    ModelWorker A,
    ModelWorker B,
    byte Endings,
    byte WrongCommits,
    bool Charged,
    bool IsDropped,
    bool DoubleWork)
{
    public bool IsFinal => Row is RowState.Done or RowState.Failed;

    public ModelWorker this[int worker] => worker == 0 ? A : B;

    public ProtocolState With(int worker, ModelWorker state) => worker == 0 ? this with { A = state } : this with { B = state };
}

public enum CallState : byte
{
    Calling,
    Accepted,
}

public enum RowState : byte
{
    Missing,
    Queued,
    Running,
    Done,
    Failed,
}

/// <summary>A worker: where its body is, which token it holds, and whether it stands still.</summary>
/// <param name="Step">Where its body is.</param>
/// <param name="Token">The token of the lease it believes in.</param>
/// <param name="IsPaused">Whether the process is stopped, and may go on later.</param>
public readonly record struct ModelWorker(WorkerStep Step, byte Token, bool IsPaused);

public enum WorkerStep : byte
{
    Idle,
    Working,
    Hanging,
    Finished,
    MustCommit,
}
