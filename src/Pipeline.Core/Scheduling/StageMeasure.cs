namespace Pipeline.Core;

/// <summary>What the calibration measured of a stage.</summary>
/// <param name="Visits">How often an item of the source comes here, on average.</param>
/// <param name="Busy">Time of one visit inside the stage's code, in seconds.</param>
/// <param name="Waiting">The part of it spent waiting asynchronously, in seconds.</param>
internal readonly record struct StageMeasure(double Visits, double Busy, double Waiting);
