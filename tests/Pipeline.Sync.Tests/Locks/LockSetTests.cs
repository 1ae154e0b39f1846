namespace Pipeline.Sync.Tests.Locks;

public sealed class LockSetTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly TimeSpan s_ever = Timeout.InfiniteTimeSpan;
    private static readonly LockLevel s_low = LockLevel.Define("set low", 1010, "tests");
    private static readonly LockLevel s_middle = LockLevel.Define("set middle", 1020, "tests");
    private static readonly LockLevel s_high = LockLevel.Define("set high", 1030, "tests");

    private readonly OrderedLock _low = new(s_low, "low");
    private readonly OrderedLock _middle = new(s_middle, "middle");
    private readonly OrderedLock _high = new(s_high, "high");

    [Fact]
    public async Task AcquireAsync_AnyArgumentOrder_TakesInOrderAndGivesAllBack()
    {
        await using (HeldLocks held = await LockSet.AcquireAsync(s_ever, [_high, _low, _middle], s_none))
        {
            Assert.Equal([_low, _middle, _high], held.Locks);
            Assert.True(_low.IsHeld && _middle.IsHeld && _high.IsHeld);
        }

        Assert.False(_low.IsHeld || _middle.IsHeld || _high.IsHeld);
    }

    [Fact]
    public async Task AcquireAsync_SameLevel_IsOrderedByOrdinalName()
    {
        OrderedLock[] locks = [.. new[] { "b", "a", "B", "ä", "a1" }.Select(name => new OrderedLock(s_low, name))];
        await using HeldLocks held = await LockSet.AcquireAsync(s_ever, locks, s_none);
        Assert.Equal(["B", "a", "a1", "b", "ä"], held.Locks.Select(member => member.Name));
    }

    [Fact]
    public async Task AcquireAsync_Duplicates_CountOnce()
    {
        await using HeldLocks two = await LockSet.AcquireAsync(s_ever, _low, _low, s_none);
        Assert.Equal([_low], two.Locks);
        await using HeldLocks more = await LockSet.AcquireAsync(s_ever, [_high, _middle, _high, _middle], s_none);
        Assert.Equal([_middle, _high], more.Locks);
    }

    [Fact]
    public async Task AcquireAsync_OppositeOrderOutsideASet_IsRefusedAtOnceAndShowsBothChains()
    {
        await using HeldLocks high = await LockSet.AcquireAsync(s_ever, _high, s_none);
        ValueTask<HeldLocks>? started = null;
        LockOrderException error = Assert.Throws<LockOrderException>(() => { started = LockSet.AcquireAsync(s_ever, _low, s_none); });
        Assert.Null(started);
        Assert.False(_low.IsHeld); // it was free and is still free
        Assert.Contains("tried:    high (level 1030) at LockSetTests.cs:", error.Message);
        Assert.Contains("-> low (level 1010) at LockSetTests.cs:", error.Message);
        Assert.Contains("<-- goes from level 1030 down to 1010", error.Message);
        Assert.Contains("in order: low (level 1010) -> high (level 1030)", error.Message);
        Assert.Equal([_high], error.Violation.Held);
    }

    [Fact]
    public async Task AcquireAsync_SameLevelWhileHeld_IsRefused()
    {
        await using HeldLocks held = await LockSet.AcquireAsync(s_ever, _low, s_none);
        LockOrderException error =
            Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, new OrderedLock(s_low, "other"), s_none); });
        Assert.Contains("stays at level 1010", error.Message);
    }

    [Fact]
    public async Task AcquireAsync_TheSameLockAgain_SaysThatLocksAreNotRecursive()
    {
        await using HeldLocks held = await LockSet.AcquireAsync(s_ever, _low, s_none);
        LockOrderException error = Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, s_none); });
        Assert.Contains("'low' is held already by this flow", error.Message);
        Assert.Contains("not recursive", error.Message);
    }

    [Fact]
    public async Task AcquireAsync_AfterAnAsynchronousWait_TheFlowStillKnowsWhatItHolds()
    {
        HeldLocks first = await Task.Run(async () => await LockSet.AcquireAsync(s_ever, _high, s_none), s_none); // held by another flow
        Task<HeldLocks> waiting = Task.Run(async () =>
        {
            HeldLocks second = await LockSet.AcquireAsync(s_ever, _high, s_none);
            await Task.Yield();
            Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, s_none); });
            return second;
        }, s_none);
        await Task.Yield();
        first.Dispose();
        (await waiting.WithinLimit()).Dispose();
        await using HeldLocks after = await LockSet.AcquireAsync(s_ever, _low, s_none);
    }

    [Fact]
    public async Task AcquireAsync_TaskStartedWhileHolding_IsNotBlamedAfterTheRelease()
    {
        TaskCompletionSource released = new();
        HeldLocks held = await LockSet.AcquireAsync(s_ever, _high, s_none);
        Task child = Task.Run(async () =>
        {
            await released.Task;
            await using HeldLocks low = await LockSet.AcquireAsync(s_ever, _low, s_none);
        }, s_none);
        held.Dispose();
        released.SetResult();
        await child.WithinLimit();
    }

    [Fact]
    public async Task ThenAsync_HigherLevel_IsTakenAndLowerIsRefused()
    {
        await using HeldLocks low = await LockSet.AcquireAsync(s_ever, _low, s_none);
        await using HeldLocks middle = await low.ThenAsync(_middle, s_ever, s_none);
        await using HeldLocks high = await middle.ThenAsync(_high, s_ever, s_none);
        LockOrderException error =
            Assert.Throws<LockOrderException>(() => { _ = high.ThenAsync(new OrderedLock(s_middle, "other middle"), s_ever, s_none); });
        Assert.Contains("low (level 1010) at", error.Message); // the whole chain, not only the last link
        high.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = high.ThenAsync(_high, s_ever, s_none); });
    }

    [Fact]
    public async Task TryAcquireAsync_HeldByAnother_TimesOutWithTheHolderAndRollsBack()
    {
        using SemaphoreSlim holderReady = new(0);
        TaskCompletionSource release = new();
        Task holder = Task.Run(async () =>
        {
            using LockOwner owner = LockOwner.Begin("job 57");
            await using HeldLocks held = await LockSet.AcquireAsync(s_ever, _high, s_none);
            holderReady.Release();
            await release.Task;
        }, s_none);
        await holderReady.WaitAsync(Limits.Hang, s_none);
        await using LockResult result = await LockSet.TryAcquireAsync(TimeSpan.FromMilliseconds(20), _low, _high, s_none);
        LockResult.TimedOut timedOut = Assert.IsType<LockResult.TimedOut>(result);
        Assert.Same(_high, timedOut.BlockedOn);
        Assert.Equal("job 57", Assert.Single(timedOut.Holders).Owner);
        Assert.True(timedOut.Waited >= TimeSpan.FromMilliseconds(15));
        Assert.Contains("'high' did not become free within", timedOut.ToString());
        Assert.False(_low.IsHeld); // taken first, given back
        LockTimeoutException error =
            await Assert.ThrowsAsync<LockTimeoutException>(async () => await LockSet.AcquireAsync(TimeSpan.Zero, _high, s_none));
        Assert.Equal(_high, error.Outcome.BlockedOn);
        release.SetResult();
        await holder.WithinLimit();
    }

    [Fact]
    public async Task Holders_OfALockThatWasFree_HoldItSinceTheFirstWaitOrEarlier()
    {
        await using HeldLocks held = await Task.Run(async () => await LockSet.AcquireAsync(s_ever, _low, _high, s_none), s_none);
        await using LockResult result = await LockSet.TryAcquireAsync(TimeSpan.FromMilliseconds(400), _high, s_none);
        DateTimeOffset late = DateTimeOffset.UtcNow.AddMilliseconds(-200);
        LockHolder holder = Assert.Single(Assert.IsType<LockResult.TimedOut>(result).Holders);
        Assert.False(holder.IsSinceExact);
        Assert.True(holder.Since <= late,
            $"{holder}, but the wait began before {late:O}"); // not since the time-out, when the holder was looked up
        Assert.Contains("Z or earlier, acquired at LockSetTests.cs:", holder.ToString());
    }

    [Fact]
    public async Task Holders_OfALockThatWasWaitedFor_HoldItSinceExactlyThen()
    {
        HeldLocks first = await Task.Run(async () => await LockSet.AcquireAsync(s_ever, _low, _high, s_none), s_none);
        Task<HeldLocks> waiting = Task.Run(async () => await LockSet.AcquireAsync(s_ever, _high, s_none), s_none);
        await Limits.UntilAsync(() => WaitForGraph.Capture().Waits.Any(wait => wait.Wants == "high"), "The second flow waiting");
        DateTimeOffset before = DateTimeOffset.UtcNow;
        first.Dispose();
        await using HeldLocks second = await waiting.WithinLimit();
        LockResult.TimedOut late = Assert.IsType<LockResult.TimedOut>(await LockSet.TryAcquireAsync(TimeSpan.Zero, [_high], s_none));
        LockHolder holder = Assert.Single(late.Holders);
        Assert.True(holder.IsSinceExact);
        Assert.True(holder.Since >= before.AddMilliseconds(-50)); // the resolution of the clock
        Assert.DoesNotContain("earlier", holder.ToString());
    }

    [Fact]
    public async Task TryAcquireAsync_Canceled_RollsBackAndSaysSo()
    {
        HeldLocks high = await Task.Run(async () => await LockSet.AcquireAsync(s_ever, _high, s_none), s_none);
        using CancellationTokenSource cancel = new();
        Task<LockResult> waiting = LockSet.TryAcquireAsync(s_ever, _low, _high, cancel.Token).AsTask();
        Assert.True(_low.IsHeld);
        await cancel.CancelAsync();
        Assert.Equal(_high, Assert.IsType<LockResult.Canceled>(await waiting.WithinLimit()).BlockedOn);
        Assert.False(_low.IsHeld);
        high.Dispose();
    }

    [Fact]
    public async Task AcquireAsync_CanceledBefore_TakesNothingAlthoughItIsFree()
    {
        CancellationToken canceled = new(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await LockSet.AcquireAsync(s_ever, _low, _high, canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await LockSet.AcquireAsync(s_ever, [_low, _middle, _high], canceled));
        Assert.Same(_low, Assert.IsType<LockResult.Canceled>(await LockSet.TryAcquireAsync(s_ever, _high, _low, canceled)).BlockedOn);
        Assert.False(_low.IsHeld || _middle.IsHeld || _high.IsHeld);

        await using HeldLocks high = await LockSet.AcquireAsync(s_ever, _high, s_none); // the canceled ones are not held against the flow
        // A wrong order is a defect, canceled or not.
        Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, canceled); });
    }

    [Fact]
    public async Task TryAcquireAsync_AgainstTheOrder_ReturnsTheViolation()
    {
        await using HeldLocks held = await LockSet.AcquireAsync(s_ever, _middle, s_none);
        LockResult result = await LockSet.TryAcquireAsync(s_ever, _low, _high, s_none);
        Assert.Equal(_low, Assert.IsType<LockResult.WouldViolateOrder>(result).Violation.Wanted);
    }

    [Fact]
    public async Task AcquireAsync_LocksAndLicensesTogether_AreOneSet()
    {
        using TemporaryFolder folder = new();
        using CrossProcessSemaphore license = CrossProcessSemaphore.Open(folder.Path, "filter", 2, new() { Level = s_middle });
        using CrossProcessSemaphore unordered = CrossProcessSemaphore.Open(folder.Path, "unordered", 1);
        await using (HeldLocks held = await LockSet.AcquireAsync(s_ever, [_high, license.Permits(2), _low], s_none))
        {
            Assert.Equal(["low", "filter", "high"], held.Locks.Select(member => member.Name));
            Assert.Equal(2, license.Describe().Held);
        }

        Assert.Equal(0, license.Describe().Held);
        ArgumentException error = Assert.Throws<ArgumentException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, unordered, s_none); });
        Assert.Contains("'unordered' has no level", error.Message);
        await using HeldLocks high = await LockSet.AcquireAsync(s_ever, _high, s_none);
        Assert.Throws<LockOrderException>(() => { _ = license.AcquireAsync(s_none); });
        await using PermitLease free = await unordered.AcquireAsync(s_none); // not ordered, not checked
    }

    [Fact]
    public async Task AcquireAsync_SemaphoreBusy_RollsBackTheLocksAndTimesOut()
    {
        using TemporaryFolder folder = new();
        using CrossProcessSemaphore mine = CrossProcessSemaphore.Open(folder.Path, "filter", 1, new() { Level = s_middle });
        using CrossProcessSemaphore other = CrossProcessSemaphore.Open(folder.Path, "filter", 1, new() { Level = s_middle });
        PermitLease held = await Task.Run(async () => await other.AcquireAsync(1, "photo 3", s_none), s_none);
        LockResult.TimedOut result =
            Assert.IsType<LockResult.TimedOut>(await LockSet.TryAcquireAsync(TimeSpan.FromMilliseconds(10), _low, mine, s_none));
        Assert.Equal("photo 3", Assert.Single(result.Holders).Purpose);
        Assert.False(_low.IsHeld);
        held.Dispose();
    }

    [Fact]
    public void Define_RankOfAnotherLevel_IsRefused()
    {
        Assert.Same(s_low, LockLevel.Define("set low", 1010, "tests"));
        ArgumentException error = Assert.Throws<ArgumentException>(() => LockLevel.Define("other", 1010, "tests"));
        Assert.Contains("belongs to level 'set low'", error.Message);
    }

    [Fact]
    public void AcquireAsync_BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => { _ = LockSet.AcquireAsync(s_ever, [], s_none); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = LockSet.AcquireAsync(TimeSpan.FromSeconds(-5), _low, s_none); });
        Assert.Throws<ArgumentNullException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, (ILockable)null!, s_none); });
    }
}
