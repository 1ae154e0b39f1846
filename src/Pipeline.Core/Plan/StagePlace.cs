namespace Pipeline.Core;

/// <summary>Where a stage stands in a graph; see <see cref="StageOutput{TIn, TOut}"/>.</summary>
internal readonly record struct StagePlace(
    StageQueue Input, StageQueue? Output, StageQueue? Exit, bool ReservesExit, bool IsMeetingPoint, bool MayOvertake);
