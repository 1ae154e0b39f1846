namespace Pipeline.Core;

/// <summary>The first node: gives out tickets and takes them back. Guarded by the run's gate.</summary>
internal abstract class SourceNode(RunEngine run) : EngineNode(run, SourceName, workers: 1)
{
    internal const string SourceName = "source";

    /// <summary>Gets or sets a value indicating whether no further item will come.</summary>
    internal bool IsEnded { get; set; }

    /// <summary>Gets a value indicating whether its turn waits for the user's source, as far as can be seen.</summary>
    internal abstract bool IsWaiting { get; }

    internal override bool IsComplete => Account.Running == 0 && (IsEnded || Run.IsDraining);

    internal override bool IsCounted => false;

    internal override bool MakesTickets => false;

    internal override int Waiting => 0;

    internal override int PeakWaiting => 0;

    /// <summary>Takes tickets back that nobody looks at any more.</summary>
    internal abstract void Recycle(ReadOnlySpan<Ticket?> tickets);

    internal override void OnInputChanged(long now)
    {
    }
}
