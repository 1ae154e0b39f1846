namespace Pipeline.Core;

/// <summary>Makes a stage slower on purpose, to measure how much of a run hangs on it.</summary>
/// <param name="Stage">The name of the stage.</param>
/// <param name="Share">How much longer each of its items takes: 0.2 is a fifth longer. 0.01 to 10.</param>
/// <remarks>After each item the worker computes for that share of the time that the item took, in real time and on its own thread. So it stands for a body that
/// computes more; a body that waits more would leave its processor to others.</remarks>
public sealed record StageSlowDown(string Stage, double Share);
