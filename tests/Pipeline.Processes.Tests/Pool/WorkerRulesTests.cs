namespace Pipeline.Processes.Tests;

/// <summary>What becomes of workers: starts, spares, recycling, signs of life.</summary>
public sealed class WorkerRulesTests : RulesTest
{
    private const uint Mebibyte = 1024; // in KiB

    [Fact]
    public void Starts_SlotsComeBeforeSpares()
    {
        Options.WarmSpares = 1;
        Assert.Equal(1, Rules.Snapshot().WorkersStarting);
        Ready(out PoolActions actions);
        Assert.Equal((1, 1), (actions.Rare.Starts.Count, Rules.Snapshot().WorkersStarting));
        Ready(out PoolActions spare);
        Assert.Equal((0, 1, 1), (spare.Rare.Starts.Count, Rules.Snapshot().SparesReady, Rules.Snapshot().WorkersReady));
    }

    [Fact]
    public void Starts_AsManyInARowFailAsMay_WaitingCallsEndAndTheNextCallStartsAgain()
    {
        Options.MaxStartFailures = 2;
        PoolCall call = Call();
        Submit(call);
        Assert.Empty(FailStart().Rare.Ends);
        PoolActions second = FailStart();
        Assert.Equal(CallEnding.NotStarted, Assert.Single(second.Rare.Ends).Ending);
        Assert.Equal(0, second.Rare.Starts.Count);
        Assert.Equal(1, Submit(Call()).Rare.Starts.Count);
    }

    [Fact]
    public void CrashBudget_UsedUp_DelaysDoubleUpToTheLongestAndEndAfterAHealthyTime()
    {
        Options.CrashBudget = 1;
        Options.RestartDelay = TimeSpan.FromSeconds(1);
        Options.MaxRestartDelay = TimeSpan.FromSeconds(3);
        Options.HealthyAfter = TimeSpan.FromMinutes(1);
        List<(int Count, double Seconds)> starts = [];
        for (int i = 0; i < 5; i++)
        {
            if (i == 4)
                Clock.Advance(Options.HealthyAfter);
            PoolActions actions = Die(Ready(), out _);
            starts.Add((actions.Rare.Starts.Count, actions.Rare.Starts.Delay.TotalSeconds));
            Clock.Advance(actions.Rare.Starts.Delay);
            if (actions.Rare.Starts.Count == 0)
                Assert.Equal(1, Restart().Rare.Starts.Count);
        }

        Assert.Equal([(1, 0), (0, 1), (0, 2), (0, 3), (1, 0)], starts);
    }

    [Fact]
    public void Spare_WorkerDies_TakesTheSlotAndTheCallsInTheSameStep()
    {
        Options.WarmSpares = 1;
        PoolWorker worker = Ready();
        PoolWorker spare = Ready();
        PoolCall call = Call();
        Submit(call);
        PoolActions actions = Die(worker, out _);
        PoolDispatch dispatch = Assert.Single(actions.Sends());
        Assert.Equal((spare, call), (dispatch.Worker, dispatch.Call));
        Assert.Equal(1, actions.Rare.Starts.Count); // the next spare
        Assert.Equal((1, 0), (Rules.Snapshot().WorkersReady, Rules.Snapshot().SparesReady));
    }

    [Fact]
    public void Recycle_NoSpareIsReady_TheWorkerGoesOnUntilItsReplacementIs()
    {
        Options.RecycleAfterCalls = 1;
        PoolWorker old = Ready();
        PoolCall first = Call();
        Submit(first);
        Begin(first);
        PoolActions answered = Answer(first);
        Assert.Equal((0, 1), (answered.Rare.Dismissals.Count, answered.Rare.Starts.Count));
        PoolCall second = Call();
        Assert.Same(old, Assert.Single(Submit(second).Sends()).Worker);
        Begin(second);
        Answer(second);
        PoolWorker replacement = Ready(out PoolActions ready);
        Assert.Equal((old, 1), (Assert.Single(ready.Rare.Dismissals).Worker, Rules.Snapshot().WorkersRecycled));
        Assert.Same(replacement, Assert.Single(Submit(Call()).Sends()).Worker);
    }

    [Fact]
    public void Recycle_WorkerIsBusy_IsReplacedOnlyAfterItsAnswer()
    {
        Options.RecycleAfter = TimeSpan.FromMinutes(1);
        Options.WarmSpares = 1;
        PoolWorker old = Ready();
        PoolWorker spare = Ready();
        PoolCall call = Call();
        Submit(call);
        Begin(call);
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(Inspect().Rare.Dismissals);
        Assert.NotNull(old.RetireReason);
        PoolActions answered = Answer(call);
        Assert.Same(old, Assert.Single(answered.Rare.Dismissals).Worker);
        Assert.Same(spare, Assert.Single(Submit(Call()).Sends()).Worker);
    }

    [Fact]
    public void Recycle_ReplacedWorkerDoesNotEnd_IsKilledAfterTheShutdownTimeout()
    {
        Options.RecycleAfterCalls = 1;
        Options.WarmSpares = 1;
        PoolWorker old = Ready();
        Ready();
        PoolCall call = Call();
        Submit(call);
        Begin(call);
        Assert.Single(Answer(call).Rare.Dismissals);
        FakeConnection connection = (FakeConnection)old.Connection;
        Clock.Advance(Options.ShutdownTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(connection.IsKilled);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(connection.IsKilled);
    }

    [Theory]
    [InlineData(300u, true, false, false)] // between the two limits: to be replaced, may take a call
    [InlineData(370u, true, true, false)] // more than half of the way: must rest
    [InlineData(401u, true, true, true)] // above the limit
    [InlineData(250u, false, false, false)]
    public void Memory_NearTheLimit_TheWorkerRetiresRestsAndIsKilledInThisOrder(uint mebibytes, bool retires, bool rests, bool isKilled)
    {
        Options.MemoryLimitBytes = 400L << 20;
        Options.RecycleAboveBytes = 280L << 20;
        PoolWorker worker = Ready();
        PoolCall call = Call();
        Submit(call);
        Begin(call);
        Answer(call, mebibytes * Mebibyte);
        Assert.Equal((retires, rests), (worker.RetireReason is not null, worker.MustRest));
        Assert.Equal(rests ? 0 : 1, Submit(Call()).Sends().Count);
        Assert.Equal(isKilled, Inspect().Rare.Kills is [var kill] && kill.Worker == worker);
    }

    [Fact]
    public void Unresponsive_CallNotBegunAtAllInspectionsForThatLong_TheWorkerIsKilledAndTheCallMovesOn()
    {
        Options.UnresponsiveAfter = TimeSpan.FromSeconds(2);
        Options.WarmSpares = 1;
        PoolWorker worker = Ready();
        PoolWorker spare = Ready();
        Submit(Call());
        Assert.Empty(Inspect().Rare.Kills); // the first inspection finds the call lying
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(Inspect().Rare.Kills);
        Clock.Advance(TimeSpan.FromSeconds(1));
        PoolActions actions = Inspect();
        Assert.Same(worker, Assert.Single(actions.Rare.Kills).Worker);
        Assert.Same(spare, Assert.Single(actions.Sends()).Worker);
    }

    [Fact]
    public void Unresponsive_CallRuns_TheWorkerLives()
    {
        Options.UnresponsiveAfter = TimeSpan.FromSeconds(2);
        Ready();
        PoolCall call = Call();
        Submit(call);
        Begin(call);
        for (int i = 0; i < 5; i++)
        {
            Assert.Empty(Inspect().Rare.Kills);
            Clock.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public void Kills_TwoWorkersAtOnce_BothSlotsGetNewWorkers()
    {
        Options.Workers = 2;
        Options.UnresponsiveAfter = TimeSpan.FromSeconds(1);
        Ready();
        Ready();
        Submit(Call(), Call());
        Inspect();
        Clock.Advance(TimeSpan.FromSeconds(1));
        PoolActions actions = Inspect();
        Assert.Equal((2, 2), (actions.Rare.Kills.Count, actions.Rare.Starts.Count));
    }

    [Fact]
    public void Ready_LastSlotIsFilled_WhatWaitsIsToldOnce()
    {
        Options.Workers = 2;
        Assert.True(Rules.TryWaitUntilReady(new TaskCompletionSource()));
        Ready(out PoolActions first);
        Assert.Empty(first.Rare.Waiters);
        Ready(out PoolActions second);
        Assert.Single(second.Rare.Waiters);
        Assert.False(Rules.TryWaitUntilReady(new TaskCompletionSource()));
    }

    private PoolActions FailStart()
    {
        PoolActions actions = default;
        Rules.OnStartFailed(null, default, string.Empty, new IOException("no such program"), ref actions);
        return actions;
    }

    private PoolActions Restart()
    {
        PoolActions actions = default;
        Rules.StartDue(ref actions);
        return actions;
    }
}
