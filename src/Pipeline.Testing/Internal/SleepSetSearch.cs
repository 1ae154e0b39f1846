using System.Numerics;

namespace Pipeline.Testing.Internal;

/// <summary>Runs one schedule of each class of equivalent ones, without a bound and without memory of states.</summary>
/// <remarks>
/// Sleep sets: after a branch took the step of a participant, the branches beside it need not take that step first, until something that
/// depends on it has happened (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 5).
/// </remarks>
internal sealed class SleepSetSearch(ExplorableProgram program, ExplorerOptions options) : IDecider
{
    private readonly List<Frame> _path = [];
    private int _depth;
    private ulong _sleeping;

    public long Schedules { get; private set; }

    public long Pruned { get; private set; }

    public bool IsComplete { get; private set; }

    public IEnumerable<RunRecord> Runs()
    {
        while (!IsComplete && Schedules + Pruned < options.ScheduleLimit)
        {
            (_depth, _sleeping) = (0, 0);
            RunRecord record = Runner.Run(program, this, options.StepLimit);
            if (record.Abandoned) Pruned++;
            else Schedules++;
            IsComplete = !Backtrack();
            if (!record.Abandoned) yield return record;
        }
    }

    public Decision Decide(DecisionPoint point)
    {
        if (_depth == _path.Count)
        {
            var opened = new Frame(point, point.Execution.AllowsReduction && options.SkipEquivalent ? _sleeping : 0);
            if (opened.IsExhausted) return new Decision(DecisionKind.Abandon);
            _path.Add(opened);
        }

        Frame frame = _path[_depth++];
        _sleeping = frame.SleepingAfter(point);
        return frame.ToDecision(point);
    }

    private bool Backtrack()
    {
        while (_path.Count > 0)
        {
            if (_path[^1].MoveOn()) return true;
            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }

    /// <summary>The branches at one point: first each participant that can run, then each crash.</summary>
    private sealed class Frame
    {
        private readonly int[] _runnable;
        private readonly int _crashes;
        private readonly ulong _sleepingAtEntry;
        private int _chosen = -1;

        public Frame(DecisionPoint point, ulong sleeping)
        {
            _runnable = point.CanContinue ? [point.Current, .. point.Candidates] : [.. point.Candidates];
            _crashes = point.CrashCandidates.Count;
            _sleepingAtEntry = sleeping;
            IsExhausted = !MoveOn();
        }

        public bool IsExhausted { get; }

        public bool MoveOn()
        {
            do
            {
                _chosen++;
            }
            while (_chosen < _runnable.Length && (_sleepingAtEntry & (1UL << _runnable[_chosen])) != 0);
            return _chosen < _runnable.Length + _crashes;
        }

        public ulong SleepingAfter(DecisionPoint point)
        {
            if (_chosen >= _runnable.Length) return 0; // a crash depends on everything
            ulong asleep = _sleepingAtEntry;
            for (int i = 0; i < _chosen; i++) asleep |= 1UL << _runnable[i];
            ulong stays = 0;
            for (; asleep != 0; asleep &= asleep - 1)
            {
                int participant = BitOperations.TrailingZeroCount(asleep);
                if (point.Execution.AreIndependent(participant, _runnable[_chosen])) stays |= 1UL << participant;
            }

            return stays;
        }

        public Decision ToDecision(DecisionPoint point)
        {
            if (_chosen >= _runnable.Length) return new Decision(DecisionKind.Crash, _chosen - _runnable.Length);
            if (!point.CanContinue) return new Decision(DecisionKind.Switch, _chosen);
            return _chosen == 0 ? new Decision(DecisionKind.Continue) : new Decision(DecisionKind.Switch, _chosen - 1);
        }
    }
}
