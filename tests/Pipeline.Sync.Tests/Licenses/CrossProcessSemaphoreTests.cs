namespace Pipeline.Sync.Tests.Licenses;

/// <summary>Two objects on one directory exclude each other like two processes: a kernel lock belongs to the open file.</summary>
public sealed class CrossProcessSemaphoreTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TryAcquireAsync_OneTryWhileOthersDescribe_IsNeverRefusedAFreePermit()
    {
        using TemporaryFolder folder = new();
        using CrossProcessSemaphore semaphore = CrossProcessSemaphore.Open(folder.Path, "described", 1);
        using CancellationTokenSource done = new();
        Task describing = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                _ = semaphore.Describe();
        }, CancellationToken.None);
        try
        {
            for (int i = 0; i < 2000; i++)
            {
                PermitLease? lease = await semaphore.TryAcquireAsync(TimeSpan.Zero, cancellationToken: CancellationToken.None);
                Assert.NotNull(lease);
                lease.Dispose();
            }
        }
        finally
        {
            await done.CancelAsync();
            await describing.WithinLimit();
        }
    }

    [Fact]
    public async Task TryAcquireAsync_AllPermitsTakenByAnotherObject_ReturnsNullUntilOneIsGivenBack()
    {
        using CrossProcessSemaphore a = Open(3);
        using CrossProcessSemaphore b = Open(3);
        PermitLease[] held = [await a.AcquireAsync(s_none), await a.AcquireAsync(s_none), await b.AcquireAsync(s_none)];
        Assert.Equal([0, 1, 2], held.SelectMany(lease => lease.Permits).Order());
        Assert.Null(await b.TryAcquireAsync(TimeSpan.Zero, cancellationToken: s_none));
        Assert.Null(await a.TryAcquireAsync(TimeSpan.FromMilliseconds(30), cancellationToken: s_none));
        await held[0].DisposeAsync();
        await using PermitLease? again = await b.TryAcquireAsync(TimeSpan.Zero, cancellationToken: s_none);
        Assert.NotNull(again);
        Assert.Equal(held[0].Permits, again.Permits);
    }

    [Fact]
    public async Task AcquireAsync_WaitingForAnotherObject_GetsThePermitWhenItIsGivenBack()
    {
        using CrossProcessSemaphore a = Open(1);
        using CrossProcessSemaphore b = Open(1);
        PermitLease held = await a.AcquireAsync(s_none);
        Task<PermitLease> waiting = b.AcquireAsync(s_none).AsTask();
        await Limits.UntilAsync(() => a.Describe().Waiting.Count == 1, "The wait being shown");
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();
        await using PermitLease got = await waiting.WithinLimit();
        Assert.True(got.IsHeld);
        Assert.Empty(a.Describe().Waiting);
    }

    [Fact]
    public async Task AcquireAsync_ManyFlowsOfSeveralObjects_NeverExceedsTheCapacity()
    {
        CrossProcessSemaphore[] processes = [.. Enumerable.Range(0, 4).Select(_ => Open(3))];
        int inside = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(flow => Task.Run(async () =>
        {
            for (int i = 0; i < 40; i++)
            {
                await using PermitLease lease = await processes[flow % 4].AcquireAsync(s_none);
                int now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        }))).WithinLimit();
        Assert.InRange(most, 1, 3);
        Assert.Equal(0, processes[0].Describe().Held);
        foreach (CrossProcessSemaphore process in processes)
            process.Dispose();
    }

    [Fact]
    public async Task AcquireAsync_Canceled_LeavesTheLineAndTakesNothing()
    {
        using CrossProcessSemaphore semaphore = Open(1);
        await using PermitLease held = await semaphore.AcquireAsync(s_none);
        using CancellationTokenSource cancel = new();
        Task<PermitLease> first = semaphore.AcquireAsync(cancel.Token).AsTask();
        Task<PermitLease> second = semaphore.AcquireAsync(s_none).AsTask();
        await Limits.UntilAsync(() => semaphore.Describe().Waiting.Count == 2, "Both waits being shown");
        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WithinLimit());
        Assert.Equal(cancel.Token, error.CancellationToken);
        await held.DisposeAsync();
        await using PermitLease got = await second.WithinLimit();
        Assert.True(got.IsHeld);
    }

    [Fact]
    public async Task AcquireAsync_SeveralPermits_TakesAllOrNothing()
    {
        using CrossProcessSemaphore a = Open(3);
        using CrossProcessSemaphore b = Open(3);
        PermitLease two = await a.AcquireAsync(2, "two of three", s_none);
        Assert.Equal(2, two.Permits.Count);
        Assert.Null(await b.TryAcquireAsync(TimeSpan.FromMilliseconds(20), 2, cancellationToken: s_none));
        Assert.Equal(2, b.Describe().Held); // the one that was free is free again
        Task<PermitLease> all = b.AcquireAsync(3, "all", s_none).AsTask();
        await two.DisposeAsync();
        await using PermitLease three = await all.WithinLimit();
        Assert.Equal([0, 1, 2], three.Permits);
    }

    [Fact]
    public async Task Dispose_OfALease_TwiceIsHarmless()
    {
        using CrossProcessSemaphore semaphore = Open(1);
        PermitLease first = await semaphore.AcquireAsync(s_none);
        await first.DisposeAsync();
        await using PermitLease second = await semaphore.AcquireAsync(s_none);
        await first.DisposeAsync();
        first.Dispose();
        Assert.False(first.IsHeld);
        Assert.True(second.IsHeld);
        Assert.Null(await semaphore.TryAcquireAsync(TimeSpan.Zero, cancellationToken: s_none));
    }

    [Fact]
    public async Task Dispose_OfTheSemaphore_GivesBackWhatItHeldLikeTheDeathOfAProcess()
    {
        CrossProcessSemaphore dead = Open(2);
        using CrossProcessSemaphore alive = Open(2);
        PermitLease lost = await dead.AcquireAsync(2, "work", s_none);
        dead.Dispose();
        await using PermitLease both = await alive.AcquireAsync(2, "work", s_none).WithinLimit();
        lost.Dispose();
        Assert.True(both.IsHeld);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await dead.AcquireAsync(s_none));
    }

    [Fact]
    public void Open_WithAnotherCapacity_NamesBothNumbers()
    {
        using CrossProcessSemaphore three = Open(3);
        CapacityMismatchException error = Assert.Throws<CapacityMismatchException>(() => Open(4));
        Assert.Equal((3, 4), (error.Existing, error.Requested));
        Assert.Contains("has 3 permits, but 4 were asked for", error.Message);
    }

    [Fact]
    public void Open_FromManyThreadsAtOnce_CreatesOneSemaphore()
    {
        Guid[] ids = new Guid[16];
        Parallel.For(0, ids.Length, i =>
        {
            using CrossProcessSemaphore semaphore = Open(2);
            ids[i] = semaphore.Id;
        });
        Assert.Single(ids.Distinct());
        Assert.Empty(Directory.GetFiles(_folder["test.lic"], "*.new"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    public void Open_NameThatIsNoPlainName_Throws(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => CrossProcessSemaphore.Open(_folder.Path, name, 1));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Open_CapacityOutOfRange_Throws(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(capacity));

    [Fact]
    public void Open_MetaOfAnotherVersion_IsRefusedAndNotReinterpreted()
    {
        using (Open(2))
        {
        }

        string meta = Path.Combine(_folder["test.lic"], "meta");
        File.WriteAllText(meta, File.ReadAllText(meta).Replace("semaphore 1", "semaphore 2"));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Open(2));
        Assert.Contains("pipeline-semaphore 2", error.Message);
    }

    [Fact]
    public async Task Describe_HeldAndWaiting_NamesOwnerPurposeAndPlace()
    {
        using CrossProcessSemaphore a = Open(2);
        using CrossProcessSemaphore b = Open(2);
        using LockOwner owner = LockOwner.Begin("job 41");
        await using PermitLease held = await a.AcquireAsync(1, "photo 17", s_none);
        SemaphoreDescription seen = CrossProcessSemaphore.Describe(_folder.Path, "test");
        Assert.Equal(1, seen.Held);
        PermitDescription permit = Assert.Single(seen.Permits, permit => permit.IsHeld);
        Assert.Equal(("job 41", Environment.ProcessId, "photo 17"), (permit.Holder!.Owner, permit.Holder.ProcessId, permit.Holder.Purpose));
        Assert.StartsWith("CrossProcessSemaphoreTests.cs:", permit.Holder.Site);
        Assert.InRange(permit.Holder.Since, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Contains("held by job 41", seen.ToString());
        Assert.Equal(["test"], CrossProcessSemaphore.List(_folder.Path));
    }

    [Fact]
    public async Task Describe_WhatAKilledHolderWrote_IsNotBelieved()
    {
        CrossProcessSemaphore dead = Open(1);
        _ = await dead.AcquireAsync(1, "work", s_none);
        dead.Dispose(); // the record stays in the file, the lock does not
        PermitDescription permit = Assert.Single(CrossProcessSemaphore.Describe(_folder.Path, "test").Permits);
        Assert.False(permit.IsHeld);
        Assert.Null(permit.Holder);
    }

    [Fact]
    public async Task Leaked_LeaseThatIsCollected_IsReportedAndGivenBack()
    {
        TaskCompletionSource<LockHolder> leaks = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CrossProcessSemaphore semaphore =
            CrossProcessSemaphore.Open(_folder.Path, "test", 1, new() { Leaked = holder => leaks.TrySetResult(holder) });
        await Task.Run(() => LoseALease(semaphore), s_none);
        await Limits.UntilAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return leaks.Task.IsCompleted;
            },
            "The leak being reported");
        LockHolder leak = await leaks.Task;
        Assert.Equal("test", leak.Lock);
        Assert.StartsWith("CrossProcessSemaphoreTests.cs:", leak.Site);
        await using PermitLease again = await semaphore.AcquireAsync(s_none).WithinLimit();
        Assert.True(again.IsHeld);
    }

    [Fact]
    public async Task TryAcquireAsync_LockFileWasDeletedAndMadeAnew_LocksTheFileAtThePath()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux can an open file be deleted.");
        using CrossProcessSemaphore a = Open(1);
        using CrossProcessSemaphore b = Open(1);
        File.Delete(Path.Combine(_folder["test.lic"], "s000"));
        await using PermitLease? first = await a.TryAcquireAsync(TimeSpan.Zero, cancellationToken: s_none);
        Assert.NotNull(first);
        Assert.Null(await b.TryAcquireAsync(TimeSpan.Zero, cancellationToken: s_none));
    }

    [Fact]
    public async Task AcquireAsync_FirstComeFirstServedWithinAProcess()
    {
        using CrossProcessSemaphore semaphore = Open(1);
        PermitLease held = await semaphore.AcquireAsync(s_none);
        List<int> order = new();
        List<Task> waits = new();
        for (int i = 0; i < 5; i++)
        {
            int number = i;
            waits.Add(WaitAsync(number));
            await Limits.UntilAsync(() => semaphore.Describe().Waiting.Count == number + 1, "The wait being shown");
        }

        held.Dispose();
        await Task.WhenAll(waits).WithinLimit();
        Assert.Equal([0, 1, 2, 3, 4], order);

        async Task WaitAsync(int number)
        {
            await using PermitLease lease = await semaphore.AcquireAsync(s_none);
            order.Add(number); // guarded by the permit
        }
    }

    private static void LoseALease(CrossProcessSemaphore semaphore) => _ = semaphore.AcquireAsync(s_none).AsTask().GetAwaiter().GetResult();

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
            seen = Interlocked.CompareExchange(ref target, value, seen) is var was && was == seen ? value : was;
    }

    private CrossProcessSemaphore Open(int capacity) => CrossProcessSemaphore.Open(_folder.Path, "test", capacity);
}
