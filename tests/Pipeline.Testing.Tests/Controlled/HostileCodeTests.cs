using Microsoft.Extensions.Time.Testing;
using Pipeline.Sync;

namespace Pipeline.Testing.Tests.Controlled;

/// <summary>Real code that leaves the explorer's control: each must end in a verdict that says what to change, never in a pass or a hang.</summary>
public sealed class HostileCodeTests
{
    private readonly Explorer _explorer = new();

    // The clock of the watchdog: it stands still until code is about to block, however busy the machine is.
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Explore_KillInsideALockStatement_IsReportedAsUncontrolled()
    {
        // The kernel frees the locks of a dead process; a lock statement lives in memory that a dead process would have taken along.
        ControlledProgram program = new("killed inside a lock", world =>
        {
            object gate = new();
            InterlockedCounter counter = new();
            for (int i = 0; i < 2; i++)
            {
                world.Process($"P{i}", _ =>
                {
                    counter.Increment();
                    Lock(gate, counter.Increment);
                    return Task.CompletedTask;
                }, onKill: () => { });
            }
        }, crashes: 1)
        {
            TimeProvider = _clock,
        };

        Counterexample found = _explorer.Explore(program).Counterexample!;
        Assert.Equal(FailureKind.Uncontrolled, found.Failure.Kind);
        Assert.Equal("not shrunk, because the schedule does not decide this failure", found.Certificate.Text);
    }

    [Fact]
    public void Explore_LockStatementAroundASyncPoint_IsReportedAndItsThreadsEnd()
    {
        int unwound = 0;
        ControlledProgram program = new("lock statement", world =>
        {
            object gate = new();
            InterlockedCounter counter = new();
            for (int i = 0; i < 2; i++)
            {
                world.Participant($"P{i}", () =>
                {
                    try
                    {
                        Lock(gate, counter.Increment);
                    }
                    finally
                    {
                        Interlocked.Increment(ref unwound);
                    }
                });
            }

            // Clean-up comes after the threads have ended; the one that held the lock is unwound first, so the other one can end as well.
            world.CleanUp(() => Assert.InRange(unwound, 1, int.MaxValue));
        })
        {
            TimeProvider = _clock,
        };

        Assert.Equal(FailureKind.Uncontrolled, _explorer.Explore(program, SearchStrategy.Exhaustive(1)).Counterexample!.Failure.Kind);
    }

    [Fact]
    public void Explore_TaskThatWasNotAwaited_IsReportedAsTwoThreads()
    {
        ControlledProgram program = new("forgets to await", world =>
        {
            InterlockedCounter counter = new();
            TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task forgotten = Task.CompletedTask;
            world.Participant("P0", () =>
            {
                forgotten = Task.Run(async () =>
                {
                    await go.Task;
                    counter.Increment();
                });
            });
            world.Participant("P1", async () =>
            {
                go.SetResult(); // P0 has ended by now
                await forgotten.ContinueWith(_ => { }, TaskScheduler.Default);
            });
        });

        RunFailure failure = _explorer.Explore(program).Counterexample!.Failure;
        Assert.Equal(FailureKind.Uncontrolled, failure.Kind);
        Assert.StartsWith("P0 runs on two threads at once: a task was started and not awaited", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_CodeThatAnnouncesNoStep_IsReportedInsteadOfProven()
    {
        ControlledProgram program = new("announces nothing", world =>
        {
            int total = 0;
            for (int i = 0; i < 2; i++)
                world.Participant($"P{i}", () => total++);
            world.AtEnd("total is 2", () => total == 2);
        });

        RunFailure failure = _explorer.Explore(program).Counterexample!.Failure;
        Assert.Equal(FailureKind.Uncontrolled, failure.Kind);
        Assert.StartsWith("nobody reached a sync point", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InterleavingFailedException>(() => Interleaving.Check(program, Schedule.Empty));
    }

    [Fact]
    public void Explore_OnKillThrows_IsReportedWithTheCrash()
    {
        ControlledProgram program = new("clean-up fails", world =>
        {
            InterlockedCounter counter = new();
            world.Process("P0", _ =>
            {
                counter.Increment();
                return Task.CompletedTask;
            }, onKill: () => throw new IOException("no such file"));
        }, crashes: 1);

        Counterexample found = _explorer.Explore(program).Counterexample!;
        Assert.Equal("the clean-up after the kill of P0 failed: no such file", found.Failure.Message);
        Assert.Single(found.Schedule.Crashes);
    }

    [Fact]
    public void Explore_ParticipantThatNeverEnds_IsALivelock()
    {
        ControlledProgram program = new("never ends", world =>
        {
            InterlockedCounter counter = new();
            world.Participant("P0", () =>
            {
                while (true)
                    counter.Increment();
            });
        });

        Assert.Equal(
            FailureKind.StepLimit, new Explorer(new ExplorerOptions { StepLimit = 100 }).Explore(program).Counterexample!.Failure.Kind);
    }

    [Fact]
    public void Explore_CorrectCodeWithAThousandSeeds_ReportsNothing()
    {
        ControlledProgram program = new("counting", world =>
        {
            InterlockedCounter counter = new();
            for (int i = 0; i < 2; i++)
                world.Participant($"P{i}", counter.Increment);
            world.AtEnd("total is 2", () => counter.Value == 2);
        });

        for (int seed = 0; seed < 1_000; seed++)
        {
            Assert.True(_explorer.Explore(program, SearchStrategy.Random(seed, 1)).Passed, $"seed {seed}");
            Assert.True(_explorer.Explore(program, SearchStrategy.Pct(seed, 1)).Passed, $"seed {seed}");
        }
    }

    // A lock statement that says when it is about to wait: it gives the watchdog all the time that it needs.
    private void Lock(object gate, Action body)
    {
        bool isTaken = false;
        try
        {
            Monitor.TryEnter(gate, ref isTaken);
            if (!isTaken)
            {
                _clock.Advance(TimeSpan.FromMinutes(1));
                Monitor.Enter(gate, ref isTaken);
            }

            body();
        }
        finally
        {
            if (isTaken)
                Monitor.Exit(gate);
        }
    }
}
