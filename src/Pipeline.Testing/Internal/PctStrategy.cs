using System.Globalization;

namespace Pipeline.Testing.Internal;

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
        var random = new Random(_seed);
        int length = Math.Max(1, Runner.Run(program, new ScheduleDecider(Schedule.Empty), options.StepLimit).Steps);
        int participants = 1;
        for (int run = 1; run <= _runs; run++)
        {
            var priorities = new Priorities(random, _depth, length);
            RunRecord record = Runner.Run(program, priorities, options.StepLimit);
            length = Math.Max(length, record.Steps);
            participants = Math.Max(participants, priorities.Participants);
            if (record.Failure is not null) return new SearchOutcome(record, run, 0, false, $"found in run {run}; {Promise(participants, length, run)}");
        }

        return new SearchOutcome(null, _runs, 0, true, $"{_runs} schedules; {Promise(participants, length, _runs)}");
    }

    // The bound is 1 / (n k^(d-1)) per run, for runs of at most k steps without crashes.
    private string Promise(int participants, int length, int runs)
    {
        double perRun = 1 / (participants * Math.Pow(length, _depth - 1));
        double total = 1 - Math.Pow(1 - perRun, runs);
        return string.Create(CultureInfo.InvariantCulture, $"a bug of depth {_depth} is found with probability at least 1/({participants} x {length}^{_depth - 1}) = {perRun:0.####} per run, {total:0.####} in {runs}");
    }

    private sealed class Priorities(Random random, int depth, int length) : IDecider
    {
        private readonly int[] _changeAt = [.. Enumerable.Range(0, depth - 1).Select(_ => random.Next(length))];
        private readonly int _crashAt = random.Next(2) == 0 ? random.Next(length) : -1;
        private int[] _priorities = [];
        private int _lowest;

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
            if (point.Current >= 0 && (_changeAt.Contains(point.Step) || point.Execution.IsYielding(point.Current)))
                _priorities[point.Current] = --_lowest;

            int best = point.CanContinue ? -1 : 0;
            for (int i = 0; i < point.Candidates.Count; i++)
            {
                int rival = best < 0 ? point.Current : point.Candidates[best];
                if (_priorities[point.Candidates[i]] > _priorities[rival]) best = i;
            }

            return best < 0 ? new Decision(DecisionKind.Continue) : new Decision(DecisionKind.Switch, best);
        }
    }
}
