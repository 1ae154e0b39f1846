namespace Pipeline.Core;

/// <summary>Where the results of a chain of stages go.</summary>
/// <param name="Output">The queue behind the last stage; null when the last definition is the end of the run.</param>
/// <param name="IsMeetingPoint">True when each result has a reserved position there, which its part's ticket knows.</param>
/// <param name="IsBranch">True for the chain of a branch, whose items one worker hands in.</param>
internal readonly record struct ChainEnd(StageQueue? Output, bool IsMeetingPoint, bool IsBranch);
