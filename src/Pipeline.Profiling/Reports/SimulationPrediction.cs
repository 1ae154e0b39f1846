namespace Pipeline.Profiling;

/// <summary>Predictions from the simulation, with the band that published curves earned; a simulation that knows the stages does better as a rule.</summary>
internal static class SimulationPrediction
{
    public static ScalingPrediction At(PipelineModel model, int workers, int maxWorkers, IReadOnlyList<SimulatedPoint> simulation)
    {
        double ratio = workers / (double)maxWorkers;
        SimulatedPoint point = simulation.First(s => s.Workers == workers);
        if (ExtrapolationBand.FactorFor(ratio) is not { } factor)
        {
            return new ScalingPrediction
            {
                Workers = workers,
                ExtrapolationRatio = ratio,
                Method = "refused",
                IfStageTimesStay = point.SpeedUp,
                Reason = Invariant($"Cannot tell: {workers} workers are {ratio:0.#} times the {maxWorkers} measured, and whether stage "
                    + $"times stay as they are so far out is not known. If they stay, the simulation gives {point.SpeedUp:0.##}x. Run "
                    + $"it with {ExtrapolationBand.RunThatWouldTell(workers)} workers as well."),
            };
        }

        MachineContention? contention = workers > maxWorkers ? model.Contention : null;
        double least = contention is null ? point.SpeedUp
            : PipelineSimulator.Sweep(model with { Contention = contention with { Computing = contention.Copying } }, [workers])[0].SpeedUp;
        return new ScalingPrediction
        {
            Workers = workers,
            ExtrapolationRatio = ratio,
            SpeedUp = point.SpeedUp,
            Seconds = point.Seconds,
            Band = new ConfidenceInterval(Math.Min(least, point.SpeedUp / factor), point.SpeedUp * factor, ExtrapolationBand.Level),
            Method = "simulation",
            IfStageTimesStay = point.SpeedUp,
            Reason = Invariant($"from measured stage times{Slowed(contention)}; 90 % band for {ratio:0.##} times the measured workers, "
                + $"on as many cores"),
        };
    }

    private static string Slowed(MachineContention? contention)
    {
        if (contention is null)
            return "";
        string computing = contention.Computing < 1.0005
            ? "not longer when"
            : Invariant($"{contention.Computing - 1:0.0 %} longer because");
        return Invariant($", {computing} {contention.Threads} threads compute at once on this machine ({contention.Copying - 1:0 %} "
            + $"longer when they copy memory, which the band allows for)");
    }
}
