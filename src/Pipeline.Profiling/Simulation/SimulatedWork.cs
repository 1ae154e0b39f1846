namespace Pipeline.Profiling;

/// <summary>An item in the hands of a worker; no stage means the source.</summary>
/// <param name="Stage">The stage; null for the source.</param>
/// <param name="Item">The item.</param>
/// <param name="Worker">The worker's index in the stage.</param>
/// <param name="Since">When the work began.</param>
/// <param name="IsInSection">True in the part that one body at a time may be in, which comes last.</param>
/// <param name="IsBackground">True for what the process does beside the bodies for an item.</param>
internal readonly record struct SimulatedWork(
    SimulatedStage? Stage, SimulatedItem Item, int Worker, double Since, bool IsInSection = false, bool IsBackground = false);
