namespace Pipeline.Core;

/// <summary>What one worker of a stage did in a run.</summary>
/// <param name="Items">Items it worked on.</param>
/// <param name="Busy">Its time inside the stage's own code.</param>
public sealed record WorkerTotal(long Items, TimeSpan Busy);
