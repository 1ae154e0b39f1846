namespace Pipeline.Sync.Tests.Locks;

public sealed class OrderedReaderWriterLockTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly LockLevel s_level = LockLevel.Define("reader-writer", 5010, "tests");
    private static readonly LockLevel s_other = LockLevel.Define("reader-writer other", 5000, "tests");
    private readonly OrderedReaderWriterLock _lock = new(s_level, "catalog");

    [Fact]
    public async Task Read_ManyAtOnce_AndAWriterWaitsForAll()
    {
        HeldLocks first = await TakeAsync(_lock.Read);
        HeldLocks second = await TakeAsync(_lock.Read);
        Task<HeldLocks> writer = TakeAsync(_lock.Write);
        await Limits.UntilAsync(() => WaitForGraph.Capture().Waits.Any(wait => wait.Wants == "catalog"), "The writer waiting");
        Assert.IsType<LockResult.TimedOut>(await TryAsync(_lock.Read)); // behind the writer
        first.Dispose();
        Assert.False(writer.IsCompleted);
        second.Dispose();
        HeldLocks written = await writer.WithinLimit();
        Assert.IsType<LockResult.TimedOut>(await TryAsync(_lock.Read));
        written.Dispose();
        Assert.IsType<LockResult.Acquired>(await TryAsync(_lock.Read));
    }

    [Fact]
    public async Task Write_GivesUp_ReadersBehindItEnterTogether()
    {
        HeldLocks reader = await TakeAsync(_lock.Read);
        using CancellationTokenSource cancel = new();
        Task<HeldLocks> writer =
            Task.Run(async () => await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, _lock.Write, cancel.Token), s_none);
        await Limits.UntilAsync(() => WaitForGraph.Capture().Waits.Any(wait => wait.Wants == "catalog"), "The writer waiting");
        Task<HeldLocks>[] readers = [TakeAsync(_lock.Read), TakeAsync(_lock.Read)];
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.WithinLimit());
        foreach (HeldLocks held in await Task.WhenAll(readers).WithinLimit())
            held.Dispose();
        reader.Dispose();
        Assert.IsType<LockResult.Acquired>(await TryAsync(_lock.Write));
    }

    [Fact]
    public async Task AcquireAsync_BothSidesInOneSet_TakesTheWriteSide()
    {
        await using HeldLocks held = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, _lock.Read, _lock.Write, s_none);
        Assert.Same(_lock.Write, Assert.Single(held.Locks));
    }

    [Fact]
    public async Task Read_WhileHoldingIt_IsRefusedBecauseAWriterInBetweenWouldDeadlock()
    {
        await using HeldLocks held = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, _lock.Read, s_none);
        Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, _lock.Read, s_none); });
        Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, _lock.Write, s_none); });
    }

    [Fact]
    public async Task ReadAndWrite_ManyFlows_NeverOverlapWrongly()
    {
        OrderedLock other = new(s_other, "other");
        int readers = 0;
        int writers = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(flow => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                bool write = (flow + i) % 3 == 0;
                await using HeldLocks held = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, write ? _lock.Write : _lock.Read,
                    i % 5 == 0 ? other : _lock.Read, s_none);
                if (write)
                    Assert.Equal((1, 0), (Interlocked.Increment(ref writers), Volatile.Read(ref readers)));
                else
                    Assert.True(Interlocked.Increment(ref readers) > 0 && Volatile.Read(ref writers) == 0);
                await Task.Yield();
                if (write)
                    Interlocked.Decrement(ref writers);
                else
                    Interlocked.Decrement(ref readers);
            }
        }))).WithinLimit();
    }

    [Fact]
    public async Task Capture_ReadersBlockAWriter_AreNamedAsHolders()
    {
        HeldLocks[] readers = [await TakeAsync(_lock.Read), await TakeAsync(_lock.Read)];
        LockResult.TimedOut result = Assert.IsType<LockResult.TimedOut>(await TryAsync(_lock.Write));
        Assert.Equal(2, result.Holders.Count);
        foreach (HeldLocks held in readers)
            held.Dispose();
    }

    private static Task<HeldLocks> TakeAsync(ILockable side) =>
        Task.Run(async () => await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, side, s_none));

    private static Task<LockResult> TryAsync(ILockable side) => Task.Run(async () =>
    {
        await using LockResult result = await LockSet.TryAcquireAsync(TimeSpan.FromMilliseconds(5), side, s_none);
        return result;
    });
}
