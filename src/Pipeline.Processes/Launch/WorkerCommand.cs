namespace Pipeline.Processes;

/// <summary>One resolved command line of a worker.</summary>
/// <param name="FileName">The full path of the executable.</param>
/// <param name="Arguments">The arguments; the last three are those of the pool.</param>
/// <param name="Environment">The whole environment.</param>
/// <param name="WorkingDirectory">The folder to start in; null for the pool's own.</param>
internal sealed record WorkerCommand(
    string FileName, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string? WorkingDirectory)
{
    /// <summary>The command line of a worker that calls wait for.</summary>
    public WorkerCommand AsUrgent() =>
        this with { Arguments = [.. Arguments.SkipLast(3), Protocol.UrgentWorkerArgument, .. Arguments.TakeLast(2)] };
}
