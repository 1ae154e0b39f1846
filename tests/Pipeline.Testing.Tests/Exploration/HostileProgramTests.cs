using Pipeline.Lab;

namespace Pipeline.Testing.Tests.Exploration;

/// <summary>Programs that break the rules of the model: each must end in a verdict that says what to change, never in a pass or a hang.</summary>
public sealed class HostileProgramTests
{
    private readonly Explorer _explorer = new();

    [Fact]
    public void Explore_StepNotAwaited_IsReported()
    {
        Counterexample found = Explore(world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            return async () =>
            {
                _ = x.Write(1);
                await x.Read();
            };
        });

        Assert.Equal(FailureKind.ParticipantFailed, found.Failure.Kind);
        Assert.Contains(
            "A failed: it went on to 'read x' while the step 'write x' was not awaited", found.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_LastStepNotAwaited_IsReported() =>
        Assert.Contains("it ended while the step 'write x' was not awaited", Explore(world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            return async () =>
            {
                await x.Read();
                _ = x.Write(1);
            };
        }).Failure.Message, StringComparison.Ordinal);

    [Fact]
    public void Explore_CallNotAwaited_IsReported() =>
        Assert.Contains("it went on to 'write x' while the step 'read x' was not awaited", Explore(world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            return async () =>
            {
                _ = Increment(x);
                await x.Write(5);
            };
        }).Failure.Message, StringComparison.Ordinal);

    [Fact]
    public void Explore_LastCallNotAwaited_IsReported() =>
        Assert.Contains("it ended while the step 'read x' was not awaited", Explore(world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            return async () => _ = Increment(x);
        }).Failure.Message, StringComparison.Ordinal);

    [Fact]
    public void Explore_TwoCallsAtOnceInOneParticipant_IsReported() =>
        Assert.Contains("what should run beside it is a participant of its own", Explore(world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            return () => Task.WhenAll(Increment(x), Increment(x));
        }).Failure.Message, StringComparison.Ordinal);

    [Fact]
    public void Explore_RuleThrows_IsABrokenRuleWithItsSchedule()
    {
        ModelProgram program = new("rule throws", world =>
        {
            ModelVariable<int> x = world.Variable("x", 1);
            world.Participant(async () => await x.Write(0));
            world.AtEnd("1 / x is 1", () => 1 / x.Value == 1);
        });

        RunFailure failure = _explorer.Explore(program).Counterexample!.Failure;
        Assert.Equal(FailureKind.RuleBroken, failure.Kind);
        Assert.IsType<DivideByZeroException>(failure.Exception);
        Assert.Contains("1 / x is 1; asking threw DivideByZeroException", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_StateThatOutlivesARun_IsReportedBeforeTheSearch()
    {
        int total = 0; // belongs inside the function that builds the program
        ModelProgram program = new("remembers", world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            world.Participant(async () => await x.Write(++total));
        });

        Counterexample found = _explorer.Explore(program).Counterexample!;
        Assert.Equal(FailureKind.Nondeterministic, found.Failure.Kind);
        Assert.Contains(
            "step 0 was 'A: write x = 1' in the first run and 'A: write x = 2' in the second", found.Failure.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Explore_ChoicesThatLeadElsewhereTheNextTime_AreReported(bool skipEquivalent)
    {
        int runs = 0;
        ModelProgram program = new("changes its mind", world =>
        {
            ModelVariable<int> x = world.Variable("x", 0), y = world.Variable("y", 0);
            bool late = ++runs > 3; // the two runs before the search, and the first of the search
            for (int i = 0; i < 2; i++)
            {
                world.Participant(async () =>
                {
                    await (late ? y : x).Update(v => v + 1);
                    await (late ? x : y).Update(v => v + 1);
                });
            }
        });

        Counterexample found =
            new Explorer(new ExplorerOptions { SkipEquivalent = skipEquivalent }).Explore(program,
                SearchStrategy.EverySchedule).Counterexample!;
        Assert.Equal(FailureKind.Nondeterministic, found.Failure.Kind);
        Assert.Contains("the same choices led to another point before step", found.Failure.Message, StringComparison.Ordinal);
        Assert.False(found.Certificate.IsMinimal);
    }

    [Fact]
    public void Explore_FailureThatDoesNotComeBack_IsReportedAsNondeterministicWithTheFirstMessage()
    {
        int runs = 0;
        ModelProgram program = new("fails once", world =>
        {
            int run = runs++;
            ModelVariable<int> x = world.Variable("x", 0);
            world.Participant(async () => await x.Write(1));
            world.AtEnd("it is not the third run", () => run != 2); // two runs come before the search
        });

        Counterexample found = _explorer.Explore(program).Counterexample!;
        Assert.Equal(FailureKind.Nondeterministic, found.Failure.Kind);
        Assert.Contains(
            "it failed (broken: it is not the third run), and the same schedule passed", found.ToString(), StringComparison.Ordinal);
        Assert.False(found.Certificate.IsMinimal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(65)]
    public void Explore_ManyParticipants_EveryScheduleLetsTheLastGoFirst(int participants)
    {
        // A sleep set is the bits of a number: with 65 participants the first and the last would share a bit.
        ModelProgram program = new("crowd", world =>
        {
            ModelVariable<int> x = world.Variable("x", 1);
            ModelVariable<int> first = world.Variable("first", 0), last = world.Variable("last", 0);
            world.Participant(() => Change(first, v => v + 1));
            for (int i = 1; i < participants - 1; i++)
                world.Participant(() => Task.CompletedTask);
            world.Participant(() => Change(last, v => v * 2));
            world.AtEnd("x is (1 + 1) * 2", () => x.Value == 4);

            async Task Change(ModelVariable<int> own, Func<int, int> change)
            {
                await own.Write(1);
                await x.Update(change);
            }
        });

        Assert.False(new Explorer(new ExplorerOptions { ScheduleLimit = 1_000 }).Explore(program, SearchStrategy.EverySchedule).Passed);
    }

    [Fact]
    public void Explore_ParticipantThatNeverEnds_IsALivelockUnderEveryStrategy()
    {
        ModelProgram program = new("never ends", world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            for (int i = 0; i < 2; i++)
            {
                world.Participant(async () =>
                {
                    while (true)
                        await Increment(x).ConfigureAwait(false);
                });
            }
        });

        Explorer explorer = new(new ExplorerOptions { StepLimit = 200 });
        Assert.All(
            [SearchStrategy.Exhaustive(1), SearchStrategy.EverySchedule, SearchStrategy.Random(1), SearchStrategy.Pct(1)], strategy =>
            Assert.Equal(FailureKind.StepLimit, explorer.Explore(program, strategy).Counterexample!.Failure.Kind));
    }

    [Fact]
    public void Explore_RepairedLessonsWithAThousandSeeds_ReportsNothing()
    {
        foreach (Lesson lesson in LessonCatalog.All)
        {
            for (int seed = 0; seed < 1_000; seed++)
            {
                Assert.True(_explorer.Explore(lesson.Repaired, SearchStrategy.Random(seed, 2)).Passed, $"{lesson.Id}, seed {seed}");
                Assert.True(_explorer.Explore(lesson.Repaired, SearchStrategy.Pct(seed, 2, depth: 3)).Passed, $"{lesson.Id}, seed {seed}");
            }
        }
    }

    private static async Task Increment(ModelVariable<int> variable)
    {
        int seen = await variable.Read();
        await variable.Write(seen + 1);
    }

    private Counterexample Explore(Func<ModelWorld, Func<Task>> participant) =>
        _explorer.Explore(new ModelProgram("hostile", world => world.Participant(participant(world)))).Counterexample!;
}
