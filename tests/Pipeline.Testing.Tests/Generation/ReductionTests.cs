using FsCheck;
using FsCheck.Fluent;
using Pipeline.Testing.Xunit;

namespace Pipeline.Testing.Tests.Generation;

/// <summary>
/// Every proof trusts that skipped schedules are equivalent to one that was run. So on generated programs the searches that skip are compared
/// with those that run everything: the same verdict, the same lowest cost, the same set of outcomes.
/// </summary>
public sealed class ReductionTests
{
    private const long Limit = 20_000;

    private static readonly Explorer s_plain = new(new ExplorerOptions { SkipEquivalent = false, ScheduleLimit = Limit });
    private static readonly Explorer s_reduced = new(new ExplorerOptions { ScheduleLimit = Limit });

    [InterleavingProperty(MaxTest = 400, Arbitrary = [typeof(Scripts)])]
    public void Explore_UpToABound_SkippingChangesNeitherVerdictNorOutcomes(Script script)
    {
        for (int bound = 0; bound <= 3; bound++)
        {
            if (!AreEqual(script, SearchStrategy.Exhaustive(bound)))
                return;
        }
    }

    [InterleavingProperty(MaxTest = 400, Arbitrary = [typeof(Scripts)])]
    public void Explore_WithoutABound_SleepSetsChangeNeitherVerdictNorOutcomes(Script script) =>
        AreEqual(script, SearchStrategy.EverySchedule);

    /// <summary>Returns false when there is nothing more to compare: the program fails, or has too many schedules to run them all.</summary>
    private static bool AreEqual(Script script, SearchStrategy strategy)
    {
        (ExplorationReport all, HashSet<string> outcomesOfAll) = Explore(s_plain, script, strategy);
        if (all.Passed && !all.IsComplete)
            return false;
        (ExplorationReport some, HashSet<string> outcomesOfSome) = Explore(s_reduced, script, strategy);
        Assert.Equal(all.Passed, some.Passed);
        Assert.Equal(all.Counterexample?.Schedule.Cost, some.Counterexample?.Schedule.Cost);
        if (!all.Passed)
            return false; // each search stops at the first failure, and they meet it at different times
        Assert.True(outcomesOfAll.SetEquals(outcomesOfSome), $"missing: {string.Join("; ", outcomesOfAll.Except(outcomesOfSome))}");
        Assert.True(some.Schedules <= all.Schedules);
        return true;
    }

    private static (ExplorationReport Report, HashSet<string> Outcomes) Explore(Explorer explorer, Script script, SearchStrategy strategy)
    {
        HashSet<string> outcomes = [];
        ExplorationReport report = explorer.Explore(script.ToProgram(outcome => outcomes.Add(outcome)), strategy);
        return (report, outcomes);
    }

    private static class Scripts
    {
        public static Arbitrary<Script> Script() => Arb.From(
            from count in Gen.Choose(2, 3)
            from participants in Gen.ArrayOf(
                Gen.Choose(1, count == 2 ? 3 : 2).SelectMany(length => Gen.ArrayOf(Gen.Choose(0, 23), length)), count)
            from crashes in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Constant(1)))
            select new Script(participants, crashes),
            script => ArbMap.Default.ArbFor<int[][]>().Shrinker(script.Participants)
                .Where(smaller => smaller.Length > 0 && smaller.All(p => p.All(n => n >= 0)))
                .Select(smaller => script with { Participants = smaller })
                .Concat(script.Crashes > 0 ? [script with { Crashes = 0 }] : []));
    }
}
