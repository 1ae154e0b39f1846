using System.Diagnostics;

namespace Pipeline.Processes.Tests;

/// <summary>What becomes of calls: attempts, deaths, deadlines, cancellation.</summary>
public sealed class CallRulesTests : RulesTest
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Attempt_CallIsSent_CountsBeforeTheWorkerBegins()
    {
        PoolWorker worker = Ready();
        PoolCall call = Call();
        PoolDispatch dispatch = Assert.Single(Submit(call).Sends());
        Assert.Equal((worker, call, 1, 1), (dispatch.Worker, dispatch.Call, dispatch.Attempt, call.Attempts));
    }

    [Fact]
    public void Attempt_WorkerDiesBeforeItBegins_DoesNotCountAndTheCallIsSentAgain()
    {
        PoolWorker worker = Ready();
        PoolCall call = Call();
        Submit(call);
        Die(worker, out PoolActions exited);
        Assert.Equal((0, 0, true), (call.Attempts, call.Deaths, call.IsQueued));
        Assert.Empty(exited.Rare.Ends);
        Ready(out PoolActions actions);
        Assert.Equal(1, Assert.Single(actions.Sends()).Attempt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Quarantine_SoManyWorkersDieWhileTheyRunACall_TheCallEndsAtTheLast(int deaths)
    {
        Options.MaxWorkerDeathsPerCall = deaths;
        PoolCall call = Call();
        for (int death = 1; death <= deaths; death++)
        {
            PoolWorker worker = Ready();
            if (death == 1)
                Submit(call);
            Begin(call);
            Die(worker, out PoolActions exited);
            Assert.Equal((death, death), (call.Attempts, call.Deaths));
            Assert.Equal(death == deaths, call.IsEnded);
            if (death == deaths)
                Assert.Equal(
                    (call, CallEnding.Quarantined, 9),
                    (Assert.Single(exited.Rare.Ends).Call, exited.Rare.Ends[0].Ending, exited.Rare.Ends[0].Death!.Exit.Signal));
            else
                Assert.Empty(exited.Rare.Ends);
        }

        Assert.Equal(
            (1, 1, deaths),
            ((int)Rules.Snapshot().CallsQuarantined, (int)Rules.Snapshot().CallsFailed, (int)Rules.Snapshot().WorkerDeaths));
    }

    [Fact]
    public void Death_OneCallRunsAndOneWaitsInTheWorker_OnlyTheRunningOneIsSuspected()
    {
        Options.MaxWorkerDeathsPerCall = 1;
        PoolWorker worker = Ready();
        PoolCall[] calls = SubmitAhead(2);
        (PoolCall running, PoolCall behind) = (calls[0], calls[1]);
        Begin(running);
        Die(worker, out PoolActions exited);
        Assert.Same(running, Assert.Single(exited.Rare.Ends).Call);
        Assert.True(behind.IsQueued);
    }

    [Fact]
    public void Deadline_HandlerRanThatLong_ItsWorkerIsKilledAndNoOther()
    {
        Options.Workers = 2;
        PoolWorker[] workers = [Ready(), Ready()];
        PoolCall slow = Call(s_second);
        PoolCall other = Call();
        Submit(slow, other);
        Begin(slow, ago: s_second);
        Begin(other, ago: s_second);
        PoolWorker victim = slow.Worker!;
        Clock.Advance(s_second);
        PoolActions actions = Deadline();
        Assert.Same(victim, Assert.Single(actions.Rare.Kills).Worker);
        Assert.Contains(other.Worker, workers);
        Assert.NotSame(victim, other.Worker);
        Die(victim, out PoolActions exited);
        Assert.Equal((slow, CallEnding.TimedOut), (Assert.Single(exited.Rare.Ends).Call, exited.Rare.Ends[0].Ending));
        Assert.Equal(0, Rules.Snapshot().WorkerDeaths); // the pool killed it
    }

    [Fact]
    public void Deadline_HandlerBeganLater_CountsFromItsStart()
    {
        Ready();
        PoolCall call = Call(s_second);
        Submit(call);
        Begin(call, ago: s_second / 4);
        Clock.Advance(s_second);
        Assert.Empty(Deadline().Rare.Kills);
        Clock.Advance(s_second / 2);
        Assert.Empty(Due);
        Clock.Advance(s_second / 4);
        Assert.Same(call, Assert.Single(Due).Call); // three quarters were left
    }

    [Fact]
    public void Deadline_CallHasEnded_NothingHappens()
    {
        Ready();
        PoolCall call = Call(s_second);
        Submit(call);
        Begin(call);
        Answer(call);
        Clock.Advance(s_second);
        Assert.Empty(Deadline().Rare.Kills);
    }

    [Fact]
    public void Cancel_Waiting_EndsAtOnceAndNoWorkerIsKilled()
    {
        PoolCall call = Call();
        Submit(call);
        PoolActions actions = Cancel(call);
        Assert.Equal((call, CallEnding.Canceled), (Assert.Single(actions.Rare.Ends).Call, actions.Rare.Ends[0].Ending));
        Assert.Empty(actions.Rare.Kills);
        Ready(out PoolActions ready);
        Assert.Empty(ready.Sends());
    }

    [Fact]
    public void Cancel_SentAndNotBegun_IsRevokedAndNoWorkerIsKilled()
    {
        PoolWorker worker = Ready();
        PoolCall call = Call();
        Submit(call);
        ulong id = call.Id;
        Assert.Empty(Cancel(call).Rare.Kills);
        Assert.Equal((true, 0), (call.IsEnded, worker.Count));
        Assert.False(worker.Connection.Page!.TryClaim(id, 0)); // the worker finds out
    }

    [Fact]
    public void Cancel_Running_EndsWithItsWorkerAndOnlyOnce()
    {
        PoolWorker worker = Ready();
        PoolCall call = Call();
        Submit(call);
        Begin(call);
        PoolActions actions = Cancel(call);
        Assert.Same(worker, Assert.Single(actions.Rare.Kills).Worker);
        Assert.Empty(actions.Rare.Ends);
        Assert.False(Cancel(call).HasRare);
        Die(worker, out PoolActions exited);
        Assert.Equal(CallEnding.Canceled, Assert.Single(exited.Rare.Ends).Ending);
        Assert.False(Cancel(call).HasRare);
        Assert.Equal((1, 0), ((int)Rules.Snapshot().CallsCanceled, (int)Rules.Snapshot().CallsFailed));
    }

    [Fact]
    public void Stuck_CallsBehindALongOne_AreRevokedForTheIdleWorker()
    {
        Options.Workers = 2;
        PoolWorker busy = Ready();
        PoolCall[] calls = SubmitAhead(3);
        Begin(calls[0]);
        PoolWorker idle = Ready(out PoolActions ready);
        Assert.True(ready.Rare.ChecksForStuck);
        PoolActions early = default;
        Rules.OnStuckCheck(0, ref early); // before the last answer: nothing is stuck
        Assert.Empty(early.Sends());
        Assert.True(SpinWait.SpinUntil(() => busy.IsStuck(Stopwatch.GetTimestamp()), TimeSpan.FromSeconds(30)));
        PoolActions late = default;
        Rules.OnStuckCheck(Stopwatch.GetTimestamp(), ref late);
        PoolDispatch moved = Assert.Single(late.Sends()); // a new worker gets one call at a time
        Assert.Equal((idle, calls[1], 1, true), (moved.Worker, moved.Call, busy.Count, calls[2].IsQueued));
    }

    [Fact]
    public void Close_CallsWaitAndRun_TheWaitingEndAndTheBusyAreKilled()
    {
        Options.Workers = 2;
        PoolWorker busy = Ready();
        PoolWorker idle = Ready();
        PoolCall running = Call();
        Submit(running);
        Begin(running);
        (busy, idle) = running.Worker == busy ? (busy, idle) : (idle, busy);
        PoolActions actions = default;
        Assert.True(Rules.TryClose(ref actions));
        Assert.Same(busy, Assert.Single(actions.Rare.Kills).Worker);
        Assert.Same(idle, Assert.Single(actions.Rare.Dismissals).Worker);
        Die(busy, out PoolActions first);
        Assert.Equal((CallEnding.Disposed, false), (Assert.Single(first.Rare.Ends).Ending, first.Rare.IsLastGone));
        Die(idle, out PoolActions last);
        Assert.True(last.Rare.IsLastGone);
        Assert.Throws<ObjectDisposedException>(() => Submit(Call()));
    }

    [Fact]
    public void Close_WorkerIsDeadAndItsExitNotKnown_ItsCallEndsAndIsNotTriedAgain()
    {
        PoolWorker worker = Ready();
        PoolCall call = Call();
        Submit(call);
        Begin(call);
        PoolActions actions = default;
        List<PoolCall> suspects = Rules.OnConnectionLost(worker, ref actions);
        Assert.True(Rules.TryClose(ref actions));
        PoolActions exited = default;
        Rules.OnExited(worker, suspects, new WorkerExit(null, 9), string.Empty, ref exited);
        Assert.Equal((call, CallEnding.Disposed), (Assert.Single(exited.Rare.Ends).Call, exited.Rare.Ends[0].Ending));
    }
}
