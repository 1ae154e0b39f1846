namespace Pipeline.Processes;

/// <summary>How far a call in a worker process is.</summary>
/// <param name="Fraction">0 to 1; null when unknown.</param>
/// <param name="Message">What is being done; null for nothing.</param>
public readonly record struct WorkerProgress(double? Fraction, string? Message);
