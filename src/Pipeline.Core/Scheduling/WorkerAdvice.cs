namespace Pipeline.Core;

/// <summary>How many bodies keep the processors busy.</summary>
/// <remarks>With X items per second, Little's law (Little 1961) has X times B bodies under way when an item spends B seconds in bodies. Processors allow P / C
/// items per second when C of those seconds compute. So P * B / C bodies keep all processors busy; more only wait.</remarks>
internal sealed class WorkerAdvice
{
    public WorkerAdvice(IReadOnlyList<StageMeasure> stages, int processors, int mostWorkers)
    {
        Busy = stages.Sum(stage => stage.Visits * stage.Busy);
        Computing = stages.Sum(stage => stage.Visits * Math.Max(0, stage.Busy - stage.Waiting));
        Ideal = Computing > 0 ? processors * Busy / Computing : Busy > 0 ? double.PositiveInfinity : processors;
        Workers = RoundUp(Ideal, mostWorkers);
        double itemsPerSecond = Busy > 0 ? Math.Min(Workers / Busy, Computing > 0 ? processors / Computing : double.PositiveInfinity) : 0;
        StageWorkers = [.. stages.Select(stage => RoundUp(itemsPerSecond * stage.Visits * stage.Busy, Workers))];
    }

    public double Busy { get; } // the seconds that an item of the source spends in bodies
    public double Computing { get; } // the part of them that computes
    public double Ideal { get; } // the number without rounding and cap
    public int Workers { get; }
    public IReadOnlyList<int> StageWorkers { get; }

    // A hair above a whole number is measuring noise, not a need for one more.
    private static int RoundUp(double number, int most) => (int)Math.Clamp(Math.Ceiling(number - 1e-6), 1, most);
}
