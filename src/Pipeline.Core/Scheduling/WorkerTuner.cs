using System.Globalization;

namespace Pipeline.Core;

/// <summary>Finds out from the first items how many workers a run should have. Guarded by the run's gate.</summary>
internal sealed class WorkerTuner(RunContext run)
{
    public List<WorkerDecision> Decisions { get; } = []; // what was decided: first for the run, then for each stage

    /// <summary>Decides once every stage has worked on enough items.</summary>
    /// <param name="nodes">The nodes of the run, the source first.</param>
    public void DecideUnsynchronized(IReadOnlyList<FlowNode> nodes)
    {
        run.AssertGate();
        WorkerTuningOptions tuning = run.Settings.WorkerTuning!;
        FlowNode[] stages = [.. nodes.Where(node => node.CountsAgainstWorkers)];
        if (stages.Any(stage => stage.ItemsTaken < tuning.CalibrationItems))
            return;
        run.IsCalibrating = false;
        TimeSpan at = run.Clock.GetElapsedTime(run.StartedAt);
        WorkerAdvice advice = new(Measure(nodes[0], stages, 1.0 / run.Clock.TimestampFrequency), tuning.Processors, tuning.MaxWorkers);
        bool isApplied = tuning.Apply && !run.IsSynchronous;
        string basis = string.Create(
            CultureInfo.InvariantCulture,
            $"An item spends {advice.Busy * 1e3:G4} ms in bodies, of which {advice.Computing * 1e3:G4} ms compute, so " +
                $"{tuning.Processors} processors serve {advice.Ideal:G4} bodies");
        string cap = advice.Ideal > tuning.MaxWorkers ? string.Create(CultureInfo.InvariantCulture, $", capped at {tuning.MaxWorkers}")
            : "";
        string end = !tuning.Apply ? "; not applied, because WorkerTuningOptions.Apply is not set."
            : isApplied ? "; applied."
            : "; not applied, because the run has one thread.";
        Decisions.Add(new WorkerDecision(Stage: null, at, run.BodyLimit, advice.Workers, isApplied, basis + cap + end));
        for (int i = 0; i < stages.Length; i++)
            Decisions.Add(Decide(stages[i], at, advice.StageWorkers[i], isApplied));
        if (isApplied)
            run.BodyLimit = advice.Workers;
    }

    private WorkerDecision Decide(FlowNode stage, TimeSpan at, int recommended, bool isRunTuned)
    {
        bool follows = stage.Profile is { Workers: null };
        int workers = follows ? run.BodyLimit : stage.Workers;
        string share = string.Create(CultureInfo.InvariantCulture, $"At the best rate {recommended} of its bodies run at once on average");
        string end = follows ? isRunTuned ? ". It follows the run's number, which leaves it room." : ". It follows the run's number."
            : stage.Workers < recommended ? ", more than the stage was given: it limits the run. It keeps its own number."
            : ". It keeps its own number.";
        return new WorkerDecision(stage.Name, at, workers, recommended, IsApplied: false, share + end);
    }

    /// <summary>Takes the means so far; how often an item comes to a stage is measured only behind nodes that give more or fewer than one per item, and where
    /// branches begin and meet.</summary>
    private static List<StageMeasure> Measure(FlowNode source, FlowNode[] stages, double secondsPerStamp)
    {
        List<StageMeasure> measures = [];
        Dictionary<FlowNode, double> visits = [];
        foreach (FlowNode stage in stages)
        {
            visits[stage] = stage.Producers switch
            {
                [{ } only] when only == source => 1,
                [{ } only] when visits.TryGetValue(only, out double before) =>
                    only.GivesOnePerItem ? before : before * Arrived(stage) / only.ItemsTaken,
                _ => Arrived(stage) / (double)stages[0].ItemsTaken,
            };
            double scale = secondsPerStamp / stage.ItemsTaken;
            measures.Add(new StageMeasure(visits[stage], stage.Account.Busy * scale, stage.Awaited * scale));
        }

        return measures;

        static long Arrived(FlowNode stage) => stage.ItemsTaken + stage.Waiting + stage.Account.Running;
    }
}
