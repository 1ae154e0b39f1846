namespace Pipeline.Core;

/// <summary>Where one stage stands.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Completed">Items it finished.</param>
/// <param name="Failed">Items that failed in it for good.</param>
/// <param name="Active">Workers inside its code now.</param>
/// <param name="Waiting">Items waiting in front of it now.</param>
/// <param name="Busy">Time inside its code so far, summed over its workers.</param>
public sealed record StageProgress(string Name, long Completed, long Failed, int Active, int Waiting, TimeSpan Busy);
