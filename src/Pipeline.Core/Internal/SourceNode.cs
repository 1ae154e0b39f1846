namespace Pipeline.Core;

/// <summary>The first node: gives out tickets and takes them back. Guarded by the run's gate.</summary>
internal abstract class SourceNode(RunEngine run) : EngineNode(run, SourceName, workers: 1)
{
    public const string SourceName = "source";

    /// <summary>Gets or sets a value indicating whether no further item will come.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Gets a value indicating whether its turn waits for the user's source, as far as can be seen.</summary>
    public abstract bool IsWaiting { get; }

    public override bool IsComplete => Account.Running == 0 && (IsEnded || Run.IsDraining);

    public override bool IsCounted => false;

    public override bool MakesTickets => false;

    public override int Waiting => 0;

    public override int PeakWaiting => 0;

    /// <summary>Takes tickets back that nobody looks at any more.</summary>
    public abstract void Recycle(ReadOnlySpan<Ticket?> tickets);

    public override void OnInputChanged(long now)
    {
    }
}
