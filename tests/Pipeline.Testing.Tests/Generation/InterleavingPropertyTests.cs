using FsCheck;
using FsCheck.Fluent;
using Pipeline.Testing.Xunit;

namespace Pipeline.Testing.Tests.Generation;

public sealed class InterleavingPropertyTests
{
    [InterleavingProperty]
    public void Update_TwoParticipants_LosesNothing(Schedule schedule) => Interleaving.Check(Programs.AtomicUpdate(2, 2), schedule);

    [InterleavingProperty]
    public void Philosophers_OneTakesTheForksTheOtherWay_NeverGetStuck(Schedule schedule) =>
        Interleaving.Check(Programs.Philosophers(3, ordered: true), schedule);

    [Fact]
    public void Check_LostUpdate_ShrinksToOnePreemptionAndPrintsTheColumns()
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(
                InterleavingArbitraries.Schedules(), s => Interleaving.Check(Programs.LostUpdate(), s))));

        string text = failure.ToString();
        string shrunk = text[text.IndexOf("Shrunk:", StringComparison.Ordinal)..];
        Assert.StartsWith("Shrunk:\np1=0/x/c\n", shrunk.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("--- preempted", shrunk, StringComparison.Ordinal);
        Assert.Contains("minimal: none with 0 preemptions, 2 schedules checked", shrunk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(20)]
    public void Schedules_OppositeLockOrder_ShrinkToOnePreemptionForMostSeeds(int padding)
    {
        int found = 0, one = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Schedule? last = null;
            Property property = Prop.ForAll(InterleavingArbitraries.Schedules(), schedule =>
            {
                bool fails = new Explorer().Run(Programs.OppositeOrder(padding), schedule).Failure is not null;
                if (fails)
                    last = schedule;
                return !fails;
            });
            Check.One(Config.Quick.WithMaxTest(3_000).WithReplay(seed, 1).WithQuietOnSuccess(true)
                .WithRunner(new SilentRunner()), property);
            if (last is null)
                continue;
            found++;
            if (last.Cost == 1)
                one++;
        }

        Assert.True(found >= 18, $"found in {found}, shrunk to one in {one}");
        Assert.True(one >= found * 9 / 10, $"found in {found}, shrunk to one in {one}");
    }

    [InterleavingProperty(MaxTest = 300)]
    public void Shrink_Schedules_AreAlwaysSmaller(Schedule schedule) =>
        Assert.All(ScheduleShrinker.Shrink(schedule), candidate => Assert.True(
            candidate.Cost + candidate.Choices.Length < schedule.Cost + schedule.Choices.Length
            || Weight(candidate) < Weight(schedule)));

    [InterleavingProperty(MaxTest = 200)]
    public void Shrink_Programs_AreAlwaysSmaller(ProgramSketch sketch) =>
        Assert.All(SketchShrinker.Shrink(sketch), candidate => Assert.True(
            candidate.Participants.Count < sketch.Participants.Count || candidate.OperationCount < sketch.OperationCount));

    [InterleavingProperty(MaxTest = 60)]
    public void Explore_GeneratedPrograms_EquivalenceChangesNoVerdict(ProgramSketch sketch)
    {
        // The reduction is trusted by every proof, so it is compared with running every schedule, bound by bound.
        Explorer plain = new(new ExplorerOptions { SkipEquivalent = false, ScheduleLimit = 3_000 });
        Explorer reduced = new(new ExplorerOptions { ScheduleLimit = 3_000 });
        for (int bound = 0; bound <= 2; bound++)
        {
            ExplorationReport all = plain.Explore(sketch.ToProgram(), SearchStrategy.Exhaustive(bound));
            if (all.Passed && !all.IsComplete)
                return; // too large to compare
            ExplorationReport some = reduced.Explore(sketch.ToProgram(), SearchStrategy.Exhaustive(bound));
            Assert.Equal(all.Passed, some.Passed);
            Assert.Equal(all.Counterexample?.Schedule.Cost, some.Counterexample?.Schedule.Cost);
        }
    }

    [InterleavingProperty(MaxTest = 60)]
    public void Explore_GeneratedPrograms_SleepSetsAndBoundedSearchAgree(ProgramSketch sketch)
    {
        Explorer explorer = new(new ExplorerOptions { ScheduleLimit = 3_000 });
        ExplorationReport complete = explorer.Explore(sketch.ToProgram(), SearchStrategy.EverySchedule);
        if (complete.Passed && !complete.IsComplete)
            return; // too large to compare
        ExplorationReport bounded = explorer.Explore(sketch.ToProgram(), SearchStrategy.Exhaustive(4));
        if (complete.Passed)
            Assert.True(bounded.Passed);
        else if (bounded.IsComplete)
            Assert.False(bounded.Passed);
    }

    private static int Weight(Schedule s) =>
        s.Preemptions.Sum(p => p.Step + p.Target) + s.Crashes.Sum(c => c.Step + c.Target) + s.Choices.Sum();

    private sealed class SilentRunner : IRunner
    {
        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(
            int ntest, Microsoft.FSharp.Collections.FSharpList<object> args,
            Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>,
            string>> every)
        {
        }

        public void OnShrink(
            Microsoft.FSharp.Collections.FSharpList<object> args,
            Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, FsCheck.TestResult testResult)
        {
        }
    }
}
