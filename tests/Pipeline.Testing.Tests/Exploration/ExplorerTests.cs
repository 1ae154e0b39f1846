namespace Pipeline.Testing.Tests.Exploration;

public sealed class ExplorerTests
{
    private readonly Explorer _explorer = new();

    [Fact]
    public void Explore_LostUpdate_ShrinksToOnePreemptionAndCertifiesIt()
    {
        Counterexample found = _explorer.Explore(Programs.LostUpdate()).Counterexample!;

        Assert.Equal(FailureKind.RuleBroken, found.Failure.Kind);
        Assert.Single(found.Schedule.Preemptions);
        Assert.True(found.Certificate.IsMinimal);
        Assert.Equal("minimal: none with 0 preemptions, 2 schedules checked", found.Certificate.Text);
    }

    [Fact]
    public void ToString_LostUpdate_ShowsTwoColumnsAndTheRule()
    {
        Counterexample found = _explorer.Explore(Programs.LostUpdate()).Counterexample!;

        Assert.Equal(
            """
            step   A                 B
               0   read total: 0
                   --- preempted
               1                     read total: 0
               2                     write total = 1
               3   write total = 1
            => broken: total is 2, but it is 1
            """,
            found.Trace.ToString());
    }

    [Fact]
    public void Explore_LostUpdateWithRandomSeeds_IsFoundInAllAndAlwaysShrinksToOne()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Counterexample? found = _explorer.Explore(Programs.LostUpdate(), SearchStrategy.Random(seed, 200)).Counterexample;
            Assert.NotNull(found);
            Assert.Single(found.Schedule.Preemptions);
            Assert.True(found.Certificate.IsMinimal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(40)]
    public void Explore_OppositeLockOrderWithPadding_HasTheCertifiedMinimumOne(int padding)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Counterexample? found =
                _explorer.Explore(Programs.OppositeOrder(padding), SearchStrategy.Pct(seed, runs: 5_000)).Counterexample;
            Assert.NotNull(found);
            Assert.Equal(FailureKind.Deadlock, found.Failure.Kind);
            Assert.Equal(1, found.Schedule.Cost);
            Assert.True(found.Certificate.IsMinimal);
        }
    }

    [Fact]
    public void Explore_PaddedDeadlockWithRandomSeeds_ShrinkingAloneReachesTheMinimum()
    {
        // A limit of one schedule leaves the shrinking, and cuts off the certificate that would replace what it leaves.
        Explorer shrinker = new(new ExplorerOptions { ScheduleLimit = 1 });
        for (int seed = 0; seed < 20; seed++)
        {
            Counterexample found = shrinker.Explore(Programs.OppositeOrder(40), SearchStrategy.Random(seed, 2_000)).Counterexample!;
            Assert.Equal(FailureKind.Deadlock, found.Failure.Kind);
            Assert.Equal(1, found.CostAfterShrinking);
        }
    }

    [Fact]
    public void Explore_Deadlock_NamesHoldersWantsAndTheFourConditions()
    {
        Counterexample found = _explorer.Explore(Programs.OppositeOrder()).Counterexample!;

        Assert.Equal(
            """
            deadlock: circular wait of 2
              A holds filter, wants watermark (held by B)
              B holds watermark, wants filter (held by A)
              Coffman: mutual exclusion yes, hold and wait yes, no preemption yes, circular wait YES
            """,
            found.Failure.Message);
    }

    [Fact]
    public void Explore_FivePhilosophersWithRandomSeeds_IsFoundInAtLeast95Of100WithCertifiedMinimumOne()
    {
        int found = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            Counterexample? deadlock = _explorer.Explore(Programs.Philosophers(5), SearchStrategy.Random(seed, 1_000)).Counterexample;
            if (deadlock is null)
                continue;
            found++;
            Assert.Equal(1, deadlock.Schedule.Cost);
            Assert.True(deadlock.Certificate.IsMinimal);
        }

        Assert.InRange(found, 95, 100);
    }

    [Fact]
    public void Explore_CorrectProgramsWithAThousandSeeds_ReportsNothing()
    {
        ModelProgram[] correct =
            [Programs.AtomicUpdate(3, 2), Programs.OppositeOrder(2, sameOrder: true), Programs.Philosophers(4, ordered: true)];
        for (int seed = 0; seed < 1_000; seed++)
        {
            foreach (ModelProgram program in correct)
            {
                Assert.True(_explorer.Explore(program, SearchStrategy.Random(seed, 5)).Passed, $"seed {seed}");
                Assert.True(_explorer.Explore(program, SearchStrategy.Pct(seed, 5)).Passed, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Explore_CorrectProgram_IsProvenUpToTheBound()
    {
        ExplorationReport report = _explorer.Explore(Programs.Philosophers(3, ordered: true), SearchStrategy.Exhaustive(2));

        Assert.True(report.IsProof);
        Assert.Contains("PROVEN: every schedule with at most 2 preemptions", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_RandomStrategyWithoutAFailure_ClaimsNoProof() =>
        Assert.False(_explorer.Explore(Programs.AtomicUpdate(), SearchStrategy.Random(1)).IsProof);

    [Fact]
    public void Explore_ScheduleLimitReached_SaysNotProven()
    {
        Explorer small = new(new ExplorerOptions { ScheduleLimit = 3, SkipEquivalent = false });
        ExplorationReport report = small.Explore(Programs.AtomicUpdate(3, 3));

        Assert.False(report.IsProof);
        Assert.Contains("NOT PROVEN: stopped at the limit of 3 schedules", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_Pct_StatesItsProbability() =>
        Assert.Contains(
            "at least 1/(2 x 4^1) = 0.125 per run", _explorer.Explore(Programs.LostUpdate(), SearchStrategy.Pct(1)).Coverage,
            StringComparison.Ordinal);

    [Fact]
    public void Explore_PctOnALostUpdate_FindsItAtLeastAsOftenAsItPromises()
    {
        int found = Enumerable.Range(0, 2_000).Count(
            seed => !_explorer.Explore(Programs.LostUpdate(), SearchStrategy.Pct(seed, runs: 1)).Passed);

        Assert.InRange(found, 2_000 / 8, 2_000); // promised: 1 / (2 x 4)
    }

    [Fact]
    public void Explore_PctWithTwoChanges_FindsWhatNeedsTheFirstInterruptedToGoOnLast()
    {
        // Only the order A, B, C, B, A brings the stage to 4 before A looks: A is interrupted before B, and goes on after B.
        ModelProgram program = new("nested interruptions", world =>
        {
            ModelVariable<int> stage = world.Variable("stage", 0);
            int seen = 0;
            world.Participant(async () =>
            {
                await MoveOn(0);
                seen = await stage.Read();
            });
            world.Participant(async () =>
            {
                await MoveOn(1);
                await MoveOn(3);
            });
            world.Participant(async () => await MoveOn(2));
            world.AtEnd("A does not see 4", () => seen != 4);

            ModelStep<int> MoveOn(int from) => stage.Update(x => x == from ? x + 1 : x);
        });

        // Expected: one order of priorities of 6, and the two changes at their steps, 1 of 5 x 5: 3,000 / 150 = 20.
        int found = Enumerable.Range(0, 3_000).Count(
            seed => !_explorer.Explore(program, SearchStrategy.Pct(seed, runs: 1, depth: 3)).Passed);
        Assert.InRange(found, 5, 60);
    }

    [Fact]
    public void Replay_OneString_GivesOneTraceAThousandTimes()
    {
        ModelProgram program = Programs.Philosophers(5);
        Counterexample found = _explorer.Explore(program, SearchStrategy.Random(1)).Counterexample!;
        string first = _explorer.Replay(program, found.Replay.ToString()).ToString();

        Assert.Equal(found.Trace.ToString(), first);
        for (int i = 0; i < 1_000; i++)
            Assert.Equal(first, _explorer.Replay(Programs.Philosophers(5), found.Replay.ToString()).ToString());
    }

    [Fact]
    public void Replay_AfterTheProgramChanged_IsRefusedWithBothLayouts()
    {
        Counterexample found = _explorer.Explore(Programs.LostUpdate()).Counterexample!;

        ReplayMismatchException error = Assert.Throws<ReplayMismatchException>(
            () => _explorer.Replay(Programs.LostUpdate(3), found.Replay.ToString()));
        Assert.Contains(error.Recorded, error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Present, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_StepsThatDoNotReachTheScheduler_IsRefusedAsBlind()
    {
        ExplorerBlindException error = Assert.Throws<ExplorerBlindException>(
            () => new Explorer(new ExplorerOptions { IsInstrumented = false }).Explore(Programs.AtomicUpdate()));
        Assert.Equal("racy counter", error.Canary);
    }

    [Fact]
    public void Explore_ParticipantAwaitsATask_IsReportedAsUncontrolled()
    {
        TaskCompletionSource never = new();
        ModelProgram program = new("escapes", world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            world.Participant(async () =>
            {
                await x.Read();
                await never.Task;
            });
        });

        Assert.Equal(FailureKind.Uncontrolled, _explorer.Explore(program).Counterexample!.Failure.Kind);
    }

    [Fact]
    public void Explore_ParticipantThrows_ReportsItsException()
    {
        ModelProgram program = new("throws", world =>
        {
            ModelVariable<int> x = world.Variable("x", 1);
            world.Participant(async () => _ = 1 / await x.Read());
            world.Participant(async () => await x.Write(0));
        });

        Counterexample found = _explorer.Explore(program).Counterexample!;
        Assert.Equal(FailureKind.ParticipantFailed, found.Failure.Kind);
        Assert.IsType<DivideByZeroException>(found.Failure.Exception);
        Assert.Equal(0, found.Schedule.Cost);
        Assert.Equal("minimal: it needs no preemption", found.Certificate.Text);
    }

    [Fact]
    public void Explore_SpinningParticipant_IsALivelockAtTheStepLimit()
    {
        ModelProgram program = new("spins", world =>
        {
            ModelVariable<bool> stop = world.Variable("stop", false);
            world.Participant(async () =>
            {
                while (!await stop.Read())
                    await world.Yield();
            });
        });

        Assert.Equal(
            FailureKind.StepLimit, new Explorer(new ExplorerOptions { StepLimit = 50 }).Explore(program).Counterexample!.Failure.Kind);
    }
}
