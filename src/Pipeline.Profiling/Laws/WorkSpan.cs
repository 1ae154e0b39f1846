namespace Pipeline.Profiling;

/// <summary>Work and span: the two numbers that bound every schedule of a computation.</summary>
/// <param name="WorkSeconds">The time of everything on one worker, more than 0.</param>
/// <param name="SpanSeconds">The time of the longest chain of steps that must follow each other, more than 0 and at most the work.</param>
/// <remarks>R. L. Graham 1969; R. P. Brent 1974. The bounds leave out the cost of scheduling and work that gets slower with more workers.</remarks>
public sealed record WorkSpan(double WorkSeconds, double SpanSeconds)
{
    /// <summary>Gets the average parallelism: the speed-up that no number of workers exceeds.</summary>
    public double Parallelism => WorkSeconds / SpanSeconds;

    /// <summary>Computes the shortest time that any schedule can reach.</summary>
    /// <param name="workers">Workers, 1 or more.</param>
    /// <returns><c>max(T1 / P, Tinf)</c>, in seconds.</returns>
    public double LeastSeconds(double workers) => Math.Max(WorkSeconds / workers, SpanSeconds);

    /// <summary>Computes the time that a schedule which never leaves a worker idle while a step is ready does not exceed.</summary>
    /// <param name="workers">Workers, 1 or more.</param>
    /// <returns><c>T1 / P + Tinf (1 - 1 / P)</c>, in seconds.</returns>
    public double MostSeconds(double workers) => (WorkSeconds / workers) + (SpanSeconds * (1 - (1 / workers)));
}
