using System.Globalization;

namespace Pipeline.Testing;

/// <summary>Probabilistic concurrency testing: the highest priority that can run, runs; at d - 1 random steps the running one drops to the bottom.</summary>
internal sealed record PctStrategy : SearchStrategy
{
    private readonly int _seed;
    private readonly int _runs;
    private readonly int _depth;

    public PctStrategy(int seed, int runs, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        (_seed, _runs, _depth) = (seed, runs, depth);
    }

    public override string ToString() => $"PCT, depth {_depth}, seed {_seed}, up to {_runs} schedules";

    internal override SearchOutcome Search(ExplorableProgram program, ExplorerOptions options)
    {
        Random random = new(_seed);
        int length = Math.Max(1, Runner.Run(program, new ScheduleDecider(Schedule.Empty), options.StepLimit).Steps);
        int participants = 1;
        for (int run = 1; run <= _runs; run++)
        {
            Priorities priorities = new(random, _depth, length, program.CrashBudget > 0);
            RunRecord record = Runner.Run(program, priorities, options.StepLimit);
            length = Math.Max(length, record.Steps);
            participants = Math.Max(participants, priorities.Participants);
            if (record.Failure is not null)
                return new SearchOutcome(record, run, 0, false, $"found in run {run}; "
                    + $"{Promise(participants, length, run, program.CrashBudget > 0)}");
        }

        return new SearchOutcome(null, _runs, 0, true, $"{_runs} schedules; "
            + $"{Promise(participants, length, _runs, program.CrashBudget > 0)}");
    }

    // The bound is 1 / (n k^(d-1)) per run of at most k steps. Half of the runs of a program that may crash have no crash.
    private string Promise(int participants, int length, int runs, bool mayCrash)
    {
        double perRun = 1 / (participants * Math.Pow(length, _depth - 1)) / (mayCrash ? 2 : 1);
        double total = 1 - Math.Pow(1 - perRun, runs);
        return string.Create(CultureInfo.InvariantCulture, $"a bug of depth {_depth}{(mayCrash ? " that needs no crash" : "")} is found "
            + $"with probability at least 1/({(mayCrash ? "2 x " : "")}{participants} x {length}^{_depth - 1}) = {perRun:0.####} per "
            + $"run, {total:0.####} in {runs}");
    }

    private sealed class Priorities(Random random, int depth, int length, bool mayCrash) : IDecider
    {
        private readonly int[] _changeAt = [.. Enumerable.Range(0, depth - 1).Select(_ => random.Next(length))];
        private readonly int _crashAt = mayCrash && random.Next(2) == 0 ? random.Next(length) : -1;
        private int[] _priorities = [];
        private int _lowest = -depth; // the priorities of the changes are -1 to -(depth - 1); who yields goes below them

        public int Participants => _priorities.Length;

        public Decision Decide(DecisionPoint point)
        {
            if (_priorities.Length == 0)
            {
                _priorities = [.. Enumerable.Range(1, point.Execution.Participants.Count)];
                random.Shuffle(_priorities);
            }

            if (point.Step == _crashAt && point.CrashCandidates.Count > 0)
                return new Decision(DecisionKind.Crash, random.Next(point.CrashCandidates.Count));
            if (point.Current >= 0 && point.Execution.IsYielding(point.Current))
                _priorities[point.Current] = --_lowest;

            // The participant that would take step k gets the priority of the change at k; which of two changes is the lower one is as random
            // as their steps. (Lower for the later one would miss every bug of depth 3 that needs it the other way round.)
            for (int change = 0; change < _changeAt.Length; change++)
            {
                if (_changeAt[change] == point.Step)
                    _priorities[ParticipantAt(point, Best(point))] = -1 - change;
            }

            int best = Best(point);
            return best < 0 ? new Decision(DecisionKind.Continue) : new Decision(DecisionKind.Switch, best);
        }

        private static int ParticipantAt(DecisionPoint point, int index) => index < 0 ? point.Current : point.Candidates[index];

        // The index among the candidates; -1 when the current participant goes on.
        private int Best(DecisionPoint point)
        {
            int best = point.CanContinue ? -1 : 0;
            for (int i = 0; i < point.Candidates.Count; i++)
            {
                if (_priorities[point.Candidates[i]] > _priorities[ParticipantAt(point, best)])
                    best = i;
            }

            return best;
        }
    }
}
