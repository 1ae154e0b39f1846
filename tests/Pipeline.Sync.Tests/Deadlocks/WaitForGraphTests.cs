namespace Pipeline.Sync.Tests.Deadlocks;

public sealed class WaitForGraphTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AcquireAsync_CircleOfTwoOutsideASet_IsNamedAndTheLastWaiterIsTold()
    {
        using CrossProcessSemaphore filter = Open("filter-license", null);
        using CrossProcessSemaphore watermark = Open("watermark-license", null);
        Barrier bothHold = new(2);
        Task<Exception?> a = Task.Run(() => HoldThenWant("job 41", filter, watermark), s_none);
        Task<Exception?> b = Task.Run(() => HoldThenWant("job 57", watermark, filter), s_none);
        Exception?[] errors = [await a.WithinLimit(), await b.WithinLimit()];
        // One is told, the other goes on.
        DeadlockException error = Assert.IsType<DeadlockException>(Assert.Single(errors, error => error is not null));
        Assert.Equal(2, error.Graph.Circle.Count);
        Assert.Contains("Circular wait of 2 (deadlock):", error.Message);
        Assert.Contains("job 41", error.Message);
        Assert.Contains("holds filter-license/0", error.Message);
        Assert.Contains("wants watermark-license", error.Message);
        Assert.Contains("job 57", error.Message);
        Assert.Contains("circular wait YES", error.Message);

        async Task<Exception?> HoldThenWant(string label, CrossProcessSemaphore first, CrossProcessSemaphore second)
        {
            using LockOwner owner = LockOwner.Begin(label);
            await using PermitLease held = await first.AcquireAsync(s_none);
            bothHold.SignalAndWait(Limits.Hang);
            try
            {
                await using PermitLease wanted = await second.AcquireAsync(s_none);
                return null;
            }
            catch (DeadlockException error)
            {
                return error;
            }
        }
    }

    [Fact]
    public async Task AcquireAsync_CircleBesideADamagedSemaphore_IsStillFound()
    {
        using CrossProcessSemaphore filter = Open("filter-license", null);
        using CrossProcessSemaphore watermark = Open("watermark-license", null);
        Open("damaged", null).Dispose();
        await File.WriteAllTextAsync(_folder["damaged.lic/meta"], "not a semaphore", s_none);
        using Barrier bothHold = new(2);
        Task<bool> a = Task.Run(() => HoldThenWantAsync("a", filter, watermark), s_none);
        Task<bool> b = Task.Run(() => HoldThenWantAsync("b", watermark, filter), s_none);
        Assert.True(await a.WithinLimit() ^ await b.WithinLimit()); // one is told, the other goes on

        async Task<bool> HoldThenWantAsync(string label, CrossProcessSemaphore first, CrossProcessSemaphore second)
        {
            using LockOwner owner = LockOwner.Begin(label);
            await using PermitLease held = await first.AcquireAsync(s_none);
            bothHold.SignalAndWait(Limits.Hang);
            return await IsToldAsync(second);
        }

        static async Task<bool> IsToldAsync(CrossProcessSemaphore wanted)
        {
            try
            {
                await using PermitLease lease = await wanted.AcquireAsync(s_none);
                return false;
            }
            catch (DeadlockException)
            {
                return true;
            }
        }
    }

    [Fact]
    public async Task Capture_HolderOutsideTheCircleCanFinish_IsNoDeadlock()
    {
        // Two permits of 'wide': one with a flow in the circle, one with a flow that is only busy. The circle resolves when that one is done.
        using CrossProcessSemaphore wide = CrossProcessSemaphore.Open(_folder.Path, "wide", 2);
        using CrossProcessSemaphore narrow = Open("narrow", null);
        PermitLease busy = await wide.AcquireAsync(1, "busy", s_none);
        using LockOwner owner = LockOwner.Begin("first");
        PermitLease mine = await wide.AcquireAsync(s_none);
        TaskCompletionSource otherHolds = new();
        Task other = Task.Run(async () =>
        {
            using LockOwner second = LockOwner.Begin("second");
            await using PermitLease held = await narrow.AcquireAsync(s_none);
            otherHolds.SetResult();
            await using PermitLease wanted = await wide.AcquireAsync(s_none);
        }, s_none);
        await otherHolds.Task.WithinLimit();
        Task<PermitLease> wants = narrow.AcquireAsync(s_none).AsTask();
        await Limits.UntilAsync(() =>
            WaitForGraph.Capture().Waits.Count(wait => wait.Owner is "first" or "second") == 2, "Both waits being captured");
        WaitForGraph graph = WaitForGraph.Capture();
        Assert.DoesNotContain(graph.Circle, wait => wait.Owner is "first" or "second");
        busy.Dispose();
        await other.WithinLimit();
        (await wants.WithinLimit()).Dispose();
        mine.Dispose();
    }

    [Fact]
    public async Task Capture_FromOutside_SeesHoldersAndWaitersOfTheFiles()
    {
        using CrossProcessSemaphore filter = Open("filter-license", null);
        using LockOwner owner = LockOwner.Begin("job 1");
        await using PermitLease held = await filter.AcquireAsync(s_none);
        using CancellationTokenSource cancel = new();
        Task<PermitLease> waiting = filter.AcquireAsync(cancel.Token).AsTask();
        await Limits.UntilAsync(() => WaitForGraph.Capture(_folder.Path).Waits.Count == 1, "The wait being shown");
        WaitForEdge wait = Assert.Single(WaitForGraph.Capture(_folder.Path).Waits);
        Assert.Equal(("job 1", "filter-license"), (wait.Owner, wait.Wants));
        Assert.Equal("filter-license/0", Assert.Single(wait.Holds).Lock);
        Assert.True(WaitForGraph.Capture(_folder.Path).IsDeadlocked); // an owner that waits for its own permit: a circle of one
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WithinLimit());
        Assert.Equal("Nobody waits.", WaitForGraph.Capture(_folder.Path).Explain());
    }

    [Fact]
    public async Task AcquireAsync_CircleThroughAnOrderedLockAndALicense_IsFound()
    {
        LockLevel level = LockLevel.Define("graph", 4000, "tests");
        OrderedLock local = new(level, "local");
        using CrossProcessSemaphore license = Open("license", null); // not ordered, so nobody refuses the wrong order
        Barrier bothHold = new(2);
        Task<bool> a = Task.Run(async () =>
        {
            using LockOwner owner = LockOwner.Begin("a");
            await using HeldLocks held = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, local, s_none);
            bothHold.SignalAndWait(Limits.Hang);
            return await IsDeadlockAsync(async () => (await license.AcquireAsync(s_none)).Dispose());
        }, s_none);
        Task<bool> b = Task.Run(async () =>
        {
            using LockOwner owner = LockOwner.Begin("b");
            await using PermitLease held = await license.AcquireAsync(s_none);
            bothHold.SignalAndWait(Limits.Hang);
            return await IsDeadlockAsync(async () => (await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, local, s_none)).Dispose());
        }, s_none);
        Assert.Single(new[] { await a.WithinLimit(), await b.WithinLimit() }, isVictim => isVictim);
        Assert.False(local.IsHeld);
        Assert.Equal(0, license.Describe().Held);
    }

    private static async Task<bool> IsDeadlockAsync(Func<Task> acquire)
    {
        try
        {
            await acquire();
            return false;
        }
        catch (DeadlockException)
        {
            return true;
        }
    }

    private CrossProcessSemaphore Open(string name, LockLevel? level) =>
        CrossProcessSemaphore.Open(_folder.Path, name, 1, new() { Level = level });
}
