using System.Globalization;

namespace Pipeline.Core;

/// <summary>Finds out from the first items how many workers the run should have.</summary>
internal sealed partial class RunEngine
{
    private readonly List<WorkerDecision> _decisions = []; // guarded by _gate
    private int _bodyLimit; // guarded by _gate: how many bodies may run at once

    /// <summary>Gets a value indicating whether the run measures how long bodies wait. Written under the gate, read anywhere.</summary>
    public bool IsCalibrating { get; private set; }

    /// <summary>Gets how many bodies may run at once; under the gate.</summary>
    public int BodyLimit => _bodyLimit;

    /// <summary>Gets the most workers that a stage may get that takes its number from the run.</summary>
    public int MostWorkers => _settings.Tuning is { Apply: true } tuning ? Math.Max(tuning.MaxWorkers, _settings.Workers) : _settings.Workers;

    private void CalibrateUnsynchronized()
    {
        WorkerTuningOptions tuning = _settings.Tuning!;
        EngineNode[] stages = [.. StageNodes()];
        if (stages.Any(stage => stage.ItemsTaken < tuning.CalibrationItems))
            return;
        IsCalibrating = false;
        TimeSpan at = Clock.GetElapsedTime(StartedAt);
        WorkerAdvice advice = new(Measure(stages, 1.0 / Clock.TimestampFrequency), tuning.Processors, tuning.MaxWorkers);
        bool isApplied = tuning.Apply && !IsSynchronous;
        string basis = string.Create(CultureInfo.InvariantCulture, $"An item spends {advice.Busy * 1e3:G4} ms in bodies, of which {advice.Computing * 1e3:G4} ms compute, so {tuning.Processors} processors serve {advice.Ideal:G4} bodies");
        string cap = advice.Ideal > tuning.MaxWorkers ? string.Create(CultureInfo.InvariantCulture, $", capped at {tuning.MaxWorkers}") : "";
        string end = !tuning.Apply ? "; not applied, because WorkerTuningOptions.Apply is not set." : isApplied ? "; applied." : "; not applied, because the run has one thread.";
        _decisions.Add(new WorkerDecision(Stage: null, at, _bodyLimit, advice.Workers, isApplied, basis + cap + end));
        for (int i = 0; i < stages.Length; i++)
            _decisions.Add(Decide(stages[i], at, advice.StageWorkers[i], isApplied));
        if (isApplied)
            _bodyLimit = advice.Workers;
    }

    private WorkerDecision Decide(EngineNode stage, TimeSpan at, int recommended, bool isRunTuned)
    {
        bool follows = stage.Profile is { Workers: null };
        int workers = follows ? _bodyLimit : stage.Workers;
        string share = string.Create(CultureInfo.InvariantCulture, $"At the best rate {recommended} of its bodies run at once on average");
        string end = !follows
            ? stage.Workers < recommended ? ", more than the stage was given: it limits the run. It keeps its own number." : ". It keeps its own number."
            : isRunTuned ? ". It follows the run's number, which leaves it room." : ". It follows the run's number.";
        return new WorkerDecision(stage.Name, at, workers, recommended, IsApplied: false, share + end);
    }

    /// <summary>Takes the means so far; how often an item comes to a stage is measured only behind nodes that give more or fewer than one per item, and where branches begin and meet.</summary>
    private static List<StageMeasure> Measure(EngineNode[] stages, double secondsPerStamp)
    {
        List<StageMeasure> measures = [];
        Dictionary<EngineNode, double> visits = [];
        foreach (EngineNode stage in stages)
        {
            visits[stage] = stage.Producers switch
            {
                [SourceNode] => 1,
                [{ } only] when visits.TryGetValue(only, out double before) => only.GivesOnePerItem ? before : before * Arrived(stage) / only.ItemsTaken,
                _ => Arrived(stage) / (double)stages[0].ItemsTaken,
            };
            double scale = secondsPerStamp / stage.ItemsTaken;
            measures.Add(new StageMeasure(visits[stage], stage.Account.Busy * scale, stage.Awaited * scale));
        }

        return measures;

        static long Arrived(EngineNode stage) => stage.ItemsTaken + stage.Waiting + stage.Account.Running;
    }
}
