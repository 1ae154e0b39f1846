namespace Pipeline.Cli;

/// <summary>One photo whose outputs are in place.</summary>
/// <param name="Photo">The photo.</param>
/// <param name="Outputs">Its outputs, in the order of the widths.</param>
internal sealed record PhotoResult(PlannedPhoto Photo, IReadOnlyList<FinishedOutput> Outputs);
