namespace Pipeline.Profiling;

/// <summary>Standard errors of the three parameters, from the Jacobian at the fit.</summary>
/// <param name="Alpha">Of the contention.</param>
/// <param name="Beta">Of the coherency.</param>
/// <param name="Gamma">Of the throughput of one worker.</param>
public sealed record UslStandardErrors(double Alpha, double Beta, double Gamma);
