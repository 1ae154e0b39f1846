using Microsoft.Extensions.Time.Testing;
using Pipeline.Lab;
using Pipeline.Sync;

namespace Pipeline.Testing.Tests.Controlled;

/// <summary>Real code under the explorer. Sync points are switched on in the project file.</summary>
public sealed class ControlledProgramTests
{
    private readonly Explorer _explorer = new();

    [Fact]
    public void Explore_RacyCounterOnRealThreads_ShrinksToOnePreemption()
    {
        Counterexample found = _explorer.Explore(Counting(() => new RacyCounter())).Counterexample!;

        Assert.Equal(
            """
            step   P0              P1
               0   read total
                   --- preempted
               1                   read total
               2                   write total
               3   write total
            => broken: total is 2, but it is 1
            """,
            found.Trace.ToString());
        Assert.Equal("minimal: none with 0 preemptions, 2 schedules checked", found.Certificate.Text);
    }

    [Fact]
    public void Explore_InterlockedCounterOnRealThreads_IsProven() =>
        Assert.True(_explorer.Explore(Counting(() => new InterlockedCounter())).IsProof);

    [Fact]
    public void Explore_RandomStrategiesOnRealThreads_FindTheRaceForEverySeed()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.False(_explorer.Explore(Counting(() => new RacyCounter()), SearchStrategy.Random(seed)).Passed);
            Assert.False(_explorer.Explore(Counting(() => new RacyCounter()), SearchStrategy.Pct(seed)).Passed);
        }
    }

    [Fact]
    public void Replay_OnRealThreads_GivesOneTraceAThousandTimes()
    {
        ControlledProgram program = Counting(() => new RacyCounter());
        Counterexample found = _explorer.Explore(program).Counterexample!;
        string expected = found.Trace.ToString();

        for (int i = 0; i < 1_000; i++)
            Assert.Equal(expected, _explorer.Replay(program, found.Replay.ToString()).ToString());
    }

    [Fact]
    public void Explore_ParticipantBlocksOnSomethingElse_IsReportedAsUncontrolled()
    {
        FakeTimeProvider clock = new(); // stands still until the participant is about to block
        using SemaphoreSlim never = new(0);
        ControlledProgram program = new("blocks elsewhere", world =>
        {
            InterlockedCounter counter = new();
            world.Participant("P0", () =>
            {
                counter.Increment();
                clock.Advance(TimeSpan.FromMinutes(1));
                never.Wait(TestContext.Current.CancellationToken);
            });
        })
        {
            TimeProvider = clock,
        };

        Counterexample found = _explorer.Explore(program).Counterexample!;
        never.Release(100); // lets the abandoned threads end
        Assert.Equal(FailureKind.Uncontrolled, found.Failure.Kind);
        Assert.Single(found.Trace.Steps); // the increment, after which it blocked
        Assert.Contains("P0 reached neither a sync point nor its end within 5 s", found.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_ParticipantBlocksOnSomethingElse_IsReportedByTheSystemClock()
    {
        // A watchdog that bites before the participant has come to its wait gives the same verdict, so load does no harm here.
        using SemaphoreSlim never = new(0);
        ControlledProgram program = new(
            "blocks at once", world => world.Participant("P0", () => never.Wait(TestContext.Current.CancellationToken)))
        {
            WatchdogTimeout = TimeSpan.FromMilliseconds(1),
        };

        Counterexample found = _explorer.Explore(program).Counterexample!;
        never.Release(100);
        Assert.Equal(FailureKind.Uncontrolled, found.Failure.Kind);
    }

    [Fact]
    public void WatchdogTimeout_OutsideOfItsRange_IsRefused() =>
        Assert.All([TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.FromDays(2)], value =>
            Assert.Throws<ArgumentOutOfRangeException>(() => new ControlledProgram("refused", _ => { }) { WatchdogTimeout = value }));

    [Fact]
    public void Explore_KilledProcess_RunsNoFinallyBeforeTheVerdictAndIsStartedAgain()
    {
        bool cleanedTooEarly = false;
        ControlledProgram program = new("killed", world =>
        {
            InterlockedCounter counter = new();
            int finallyRuns = 0;
            int kills = 0;
            world.Process("P0", async attempt =>
            {
                try
                {
                    counter.Increment();
                    await Task.CompletedTask;
                }
                finally
                {
                    if (attempt == 1 && kills == 1)
                        finallyRuns++;
                }
            }, onKill: () => kills++, restarts: 1);
            world.AtEnd("counted once", () =>
            {
                cleanedTooEarly |= finallyRuns > 0;
                return counter.Value == 1;
            });
        }, crashes: 1);

        Assert.True(_explorer.Explore(program).IsProof); // killed before its only step, it counts in the second attempt
        Assert.False(cleanedTooEarly);
    }

    [Fact]
    public void Explore_ParticipantThrows_ReportsItsException()
    {
        ControlledProgram program = new(
            "throws", world => world.Participant("P0", () => throw new InvalidOperationException("no such photo")));

        Assert.Equal("P0 failed: no such photo", _explorer.Explore(program).Counterexample!.Failure.Message);
    }

    private static ControlledProgram Counting(Func<ICounter> create) => new("counting", world =>
    {
        ICounter total = world.Named("total", create());
        for (int i = 0; i < 2; i++)
            world.Participant($"P{i}", total.Increment);
        world.AtEnd("total is 2", () => total.ApproximateTotal == 2, () => $"it is {total.ApproximateTotal}");
    });
}
