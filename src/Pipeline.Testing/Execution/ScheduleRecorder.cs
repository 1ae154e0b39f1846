using System.Collections.Immutable;

namespace Pipeline.Testing;

/// <summary>Writes down the decisions of a run as a schedule: only departures that took effect, with reduced numbers.</summary>
internal sealed class ScheduleRecorder
{
    private readonly List<Preemption> _preemptions = [];
    private readonly List<CrashPoint> _crashes = [];
    private readonly List<int> _choices = [];

    public void Record(DecisionPoint point, Decision decision)
    {
        if (decision.Kind == DecisionKind.Crash)
            _crashes.Add(new CrashPoint(point.Step, decision.Index));
        else if (decision.Kind == DecisionKind.Switch && point.CanContinue)
            _preemptions.Add(new Preemption(point.Step, decision.Index));
        else if (decision.Kind == DecisionKind.Switch && point.Candidates.Count > 1)
            _choices.Add(decision.Index);
    }

    public Schedule ToSchedule()
    {
        int length = _choices.FindLastIndex(c => c != 0) + 1;
        return new Schedule([.. _preemptions], [.. _crashes], _choices.Take(length).ToImmutableArray());
    }
}
