namespace Pipeline.Core;

/// <summary>Where a stage stands in a graph; see <see cref="StageOutput{TIn, TOut}"/>.</summary>
internal readonly record struct StagePlace(Hop Input, Hop? Output, Hop? Exit, bool ReservesExit, bool IsMeeting, bool MayOvertake);
