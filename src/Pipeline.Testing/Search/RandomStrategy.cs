namespace Pipeline.Testing;

/// <summary>The random walk over schedules.</summary>
internal sealed record RandomStrategy : SearchStrategy
{
    private readonly int _seed;
    private readonly int _runs;

    public RandomStrategy(int seed, int runs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        (_seed, _runs) = (seed, runs);
    }

    public override string ToString() => $"uniform random, seed {_seed}, up to {_runs} schedules";

    internal override SearchOutcome Search(ExplorableProgram program, ExplorerOptions options)
    {
        RandomWalk walk = new(new Random(_seed));
        for (int run = 1; run <= _runs; run++)
        {
            RunRecord record = Runner.Run(program, walk, options.StepLimit);
            if (record.Failure is not null)
                return new SearchOutcome(record, run, 0, false, $"found in run {run}");
        }

        return new SearchOutcome(null, _runs, 0, true, $"{_runs} random schedules; this proves nothing about the others");
    }

    private sealed class RandomWalk(Random random) : IDecider
    {
        public Decision Decide(DecisionPoint point)
        {
            if (point.CrashCandidates.Count > 0 && random.Next(8) == 0)
                return new Decision(DecisionKind.Crash, random.Next(point.CrashCandidates.Count));
            if (!point.CanContinue)
                return new Decision(DecisionKind.Switch, random.Next(point.Candidates.Count));
            int choice = random.Next(point.Candidates.Count + 1);
            return choice == point.Candidates.Count ? new Decision(DecisionKind.Continue) : new Decision(DecisionKind.Switch, choice);
        }
    }
}
