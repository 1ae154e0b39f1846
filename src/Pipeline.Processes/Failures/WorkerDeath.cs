namespace Pipeline.Processes;

/// <summary>How a worker ended, for errors and logs.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="How">The end of a sentence: "was killed by the pool: ...", "exited with code 1".</param>
/// <param name="Exit">What the system says.</param>
/// <param name="ErrorTail">The end of its standard error.</param>
internal sealed record WorkerDeath(int ProcessId, string How, WorkerExit Exit, string ErrorTail);
