namespace Pipeline.Profiling;

/// <summary>Pipelines whose behavior is known exactly; the simulation is tested against them.</summary>
public static class PipelineClosedForms
{
    /// <summary>Computes the time of a line of single-worker stages with constant times and room between them.</summary>
    /// <param name="stageSeconds">Seconds per item of each stage, at least one.</param>
    /// <param name="items">Items, 1 or more.</param>
    /// <returns><c>sum s + (n - 1) max s</c>, in seconds.</returns>
    public static double Makespan(IReadOnlyCollection<double> stageSeconds, long items)
    {
        ArgumentNullException.ThrowIfNull(stageSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        return stageSeconds.Sum() + ((items - 1) * stageSeconds.Max());
    }

    /// <summary>Computes the throughput of two single-worker stages with exponential times of mean 1 and a buffer between them, fed without end.</summary>
    /// <param name="buffer">Places in the buffer, 0 or more.</param>
    /// <returns><c>(B + 2) / (B + 3)</c> items per unit of time (blocking after service).</returns>
    public static double TwoStageThroughput(int buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(buffer);
        return (buffer + 2.0) / (buffer + 3.0);
    }

    /// <summary>The throughput of three single-worker stages with exponential times of mean 1 and no buffers, fed without end.</summary>
    public const double ThreeStageThroughput = 22.0 / 39.0;

    /// <summary>Computes the speed-up of an overlapped pipeline with serial ends and constant times.</summary>
    /// <param name="distributionSeconds">Seconds per item of the serial distribution.</param>
    /// <param name="workSeconds">Seconds per item of the parallel work.</param>
    /// <param name="collectionSeconds">Seconds per item of the serial collection.</param>
    /// <param name="workers">Workers of the parallel work, 1 or more.</param>
    /// <returns><c>(d + w + c) / max(d, w / N, c)</c>.</returns>
    public static double OverlappedSpeedUp(double distributionSeconds, double workSeconds, double collectionSeconds, int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        return (distributionSeconds + workSeconds + collectionSeconds) / Math.Max(
            distributionSeconds, Math.Max(workSeconds / workers, collectionSeconds));
    }
}
