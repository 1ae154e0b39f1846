namespace Pipeline.Processes;

/// <summary>Where a pool stands and what it has done. The numbers belong to one moment.</summary>
public sealed record ProcessPoolSnapshot
{
    /// <summary>Gets how many workers can take calls.</summary>
    public required int WorkersReady { get; init; }

    /// <summary>Gets how many of them have a call.</summary>
    public required int WorkersBusy { get; init; }

    /// <summary>Gets how many initialized spares wait.</summary>
    public required int SparesReady { get; init; }

    /// <summary>Gets how many processes are being started.</summary>
    public required int WorkersStarting { get; init; }

    /// <summary>Gets how many calls wait for a worker.</summary>
    public required int CallsWaiting { get; init; }

    /// <summary>Gets how many calls were made.</summary>
    public required long CallsSubmitted { get; init; }

    /// <summary>Gets how many calls gave a result.</summary>
    public required long CallsCompleted { get; init; }

    /// <summary>Gets how many calls failed, for any reason except cancellation.</summary>
    public required long CallsFailed { get; init; }

    /// <summary>Gets how many calls were canceled.</summary>
    public required long CallsCanceled { get; init; }

    /// <summary>Gets how many of the failed calls took down as many workers as they may.</summary>
    public required long CallsQuarantined { get; init; }

    /// <summary>Gets how many processes were started.</summary>
    public required long WorkersStarted { get; init; }

    /// <summary>Gets how many workers died by themselves or were killed from outside.</summary>
    public required long WorkerDeaths { get; init; }

    /// <summary>Gets how many workers the pool killed: canceled calls, deadlines, memory limit.</summary>
    public required long WorkersKilled { get; init; }

    /// <summary>Gets how many workers were replaced because of their calls, age or memory.</summary>
    public required long WorkersRecycled { get; init; }

    /// <summary>Gets the process ids of the workers that take calls.</summary>
    public required IReadOnlyList<int> ProcessIds { get; init; }

    /// <summary>Gets the process ids of the spares.</summary>
    public required IReadOnlyList<int> SpareProcessIds { get; init; }

    /// <summary>Gets what was sent to and from workers in requests and results.</summary>
    /// <value>Bytes. They are copied on both sides; the bytes of a <see cref="SharedBuffer"/> are neither sent nor copied.</value>
    public required long PayloadBytes { get; init; }

    /// <summary>Gets the resident memory of the workers that take calls, as last measured.</summary>
    /// <value>Bytes.</value>
    public required long ResidentBytes { get; init; }
}
