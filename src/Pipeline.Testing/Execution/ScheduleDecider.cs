namespace Pipeline.Testing;

/// <summary>Follows a schedule. This is the definition of what a schedule means.</summary>
internal sealed class ScheduleDecider(Schedule schedule) : IDecider
{
    private int _nextPreemption;
    private int _nextCrash;
    private int _nextChoice;

    public Decision Decide(DecisionPoint point)
    {
        while (_nextCrash < schedule.Crashes.Length && schedule.Crashes[_nextCrash].Step < point.Step)
            _nextCrash++;
        if (_nextCrash < schedule.Crashes.Length && schedule.Crashes[_nextCrash].Step == point.Step && point.CrashCandidates.Count > 0)
            return new Decision(DecisionKind.Crash, schedule.Crashes[_nextCrash++].Target % point.CrashCandidates.Count);

        if (!point.CanContinue)
        {
            int choice = point.Candidates.Count > 1 && _nextChoice < schedule.Choices.Length ? schedule.Choices[_nextChoice++] : 0;
            return new Decision(DecisionKind.Switch, choice % point.Candidates.Count);
        }

        while (_nextPreemption < schedule.Preemptions.Length && schedule.Preemptions[_nextPreemption].Step < point.Step)
            _nextPreemption++;
        return _nextPreemption < schedule.Preemptions.Length && schedule.Preemptions[_nextPreemption].Step == point.Step
            && point.Candidates.Count > 0
            ? new Decision(DecisionKind.Switch, schedule.Preemptions[_nextPreemption++].Target % point.Candidates.Count)
            : new Decision(DecisionKind.Continue);
    }
}
