namespace Pipeline.Processes.Benchmarks;

/// <summary>Measured times in microseconds.</summary>
internal readonly record struct Summary(double Min, double P50, double P99);
