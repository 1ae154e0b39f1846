namespace Pipeline.Profiling;

/// <summary>Runs a pipeline model in virtual time.</summary>
/// <remarks>
/// A discrete-event simulation of the rules that the engine follows: a body starts when an item waits, a worker is free, the run has a place for it (later
/// stages first) and its result has a place to go. It knows the queue capacities, the order of stages, the limit over all stages and the cores, and how much
/// bodies slow each other down where <see cref="PipelineModel.Contention"/> tells. It does not know memory budgets or retries.
/// </remarks>
public static class PipelineSimulator
{
    /// <summary>Simulates a run.</summary>
    /// <param name="model">The pipeline.</param>
    /// <param name="seed">The seed of random times; the same seed gives the same result.</param>
    /// <returns>What the run did.</returns>
    public static SimulationResult Run(PipelineModel model, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new SimulationRun(model, seed).Run();
    }

    /// <summary>Simulates the run at several numbers of workers.</summary>
    /// <param name="model">The pipeline.</param>
    /// <param name="workers">The numbers of workers.</param>
    /// <param name="seed">The seed of random times.</param>
    /// <returns>For each, the simulated time over which one worker's time is divided to give the speed-up.</returns>
    public static IReadOnlyList<(int Workers, double Seconds, double SpeedUp)> Sweep(
        PipelineModel model, IEnumerable<int> workers, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(workers);
        double one = Run(model.WithWorkers(1), seed).Seconds;
        return [.. workers.Select(n =>
        {
            double seconds = n == 1 ? one : Run(model.WithWorkers(n), seed).Seconds;
            return (n, seconds, one / seconds);
        })];
    }
}
