namespace Pipeline.Sync.Tests.Locks;

/// <summary>What a task that a flow starts counts as held: what was held when it was started, until that is given back, and nothing that came later.</summary>
public sealed class LockFlowTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly TimeSpan s_ever = Timeout.InfiniteTimeSpan;
    private static readonly LockLevel s_low = LockLevel.Define("flow low", 7010, "tests");
    private static readonly LockLevel s_high = LockLevel.Define("flow high", 7020, "tests");

    private readonly OrderedLock _low = new(s_low, "low");
    private readonly OrderedLock _high = new(s_high, "high");
    private readonly OrderedLock _otherHigh = new(s_high, "other high");

    [Fact]
    public async Task AcquireAsync_TaskStartedWhileHolding_IsRefusedUntilTheRelease()
    {
        TaskCompletionSource given = new();
        HeldLocks held = await LockSet.AcquireAsync(s_ever, _high, s_none);
        Task child = Task.Run(async () =>
        {
            Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, s_none); });
            held.Dispose();
            given.SetResult();
            await using HeldLocks low = await LockSet.AcquireAsync(s_ever, _low, s_none);
        }, s_none);
        await given.Task.WithinLimit();
        await child.WithinLimit();
    }

    [Fact]
    public async Task AcquireAsync_TaskStartedBetweenTwoAcquisitions_IsBlamedForNeither()
    {
        TaskCompletionSource acquiredAgain = new();
        HeldLocks before = await LockSet.AcquireAsync(s_ever, _high, s_none);
        Task whileHeld = Task.Run(TakeLowAsync, s_none);
        before.Dispose();
        Task inBetween = Task.Run(TakeLowAsync, s_none);
        // The same place in the flow, the same lock, but not theirs.
        await using HeldLocks after = await LockSet.AcquireAsync(s_ever, _high, s_none);
        acquiredAgain.SetResult();
        await whileHeld.WithinLimit();
        await inBetween.WithinLimit();
        Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, s_none); });

        async Task TakeLowAsync()
        {
            await acquiredAgain.Task.WithinLimit();
            await using HeldLocks low = await LockSet.AcquireAsync(s_ever, _low, s_none);
        }
    }

    [Fact]
    public async Task AcquireAsync_ByAStartedTask_DoesNotCountForItsStarter()
    {
        (await LockSet.AcquireAsync(s_ever, _otherHigh, s_none)).Dispose(); // leaves a released record that both inherit
        TaskCompletionSource childHolds = new();
        TaskCompletionSource starterDone = new();
        Task child = Task.Run(async () =>
        {
            await using HeldLocks high = await LockSet.AcquireAsync(s_ever, _high, s_none);
            childHolds.SetResult();
            await starterDone.Task.WithinLimit();
            // What the starter did in the meantime hides nothing.
            Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, s_none); });
        }, s_none);
        await childHolds.Task.WithinLimit();
        await using (HeldLocks low = await LockSet.AcquireAsync(s_ever, _low, s_none))
            Assert.True(low.IsHeld);
        starterDone.SetResult();
        await child.WithinLimit();
    }

    [Fact]
    public async Task AcquireAsync_ManyTasksOfOneFlow_AreCheckedEachForItself()
    {
        (await LockSet.AcquireAsync(s_ever, _otherHigh, s_none)).Dispose();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                await using HeldLocks first = await LockSet.AcquireAsync(s_ever, (task + i) % 2 == 0 ? _low : _high, s_none);
                await Task.Yield();
                if (first.Locks[0] == _low)
                    (await LockSet.AcquireAsync(s_ever, _high, s_none)).Dispose();
                else
                    Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(s_ever, _low, s_none); });
            }
        }, s_none))).WithinLimit();
    }

    [Fact]
    public async Task ThenAsync_OfWhatAnAsyncMethodReturned_IsCheckedAlthoughTheFlowDoesNotKnowIt()
    {
        await using HeldLocks high = await TakeHighAsync();
        Assert.Throws<LockOrderException>(() => { _ = high.ThenAsync(_low, s_ever, s_none); });
        (await LockSet.AcquireAsync(s_ever, _low, s_none)).Dispose(); // as documented: the ambient record did not leave the method

        async Task<HeldLocks> TakeHighAsync() => await LockSet.AcquireAsync(s_ever, _high, s_none);
    }
}
