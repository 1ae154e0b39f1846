using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

public sealed class SharedBufferCallTests : PoolTest
{
    private const int Bytes = 3_000_000;

    [Fact]
    public async Task CallAsync_BufferInTheRequest_TheWorkerReadsItAndNothingIsCopied()
    {
        ProcessPool pool = StartPool();
        using SharedBuffer buffer = pool.SharedBuffers.Rent(Bytes);
        buffer.Span.Fill(3);
        Answer answer = await Sum(pool).CallAsync(new Pixels(buffer, "x")).WaitAsync(Limit);
        Assert.Equal(Bytes * 3, answer.Number);
        Assert.InRange(pool.Snapshot().PayloadBytes, 1, 500);
        Assert.Equal(0, pool.SharedBuffers.Snapshot().Copied);
    }

    [Fact]
    public async Task CallAsync_BufferBornInTheWorker_TheCallerOwnsIt()
    {
        ProcessPool pool = StartPool();
        Pixels[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(seed => Fill(pool).CallAsync(new Order($"{Bytes}", seed))))
            .WaitAsync(Limit);
        foreach (Pixels pixels in all)
            Assert.True(HoldsFilled(pixels), $"buffer {pixels.Number} is not what its worker wrote");
        Assert.Equal(all.Sum(pixels => pixels.WeightBytes), pool.SharedBuffers.Snapshot().InUse);
        foreach (Pixels pixels in all)
            pixels.Dispose();
        Assert.Equal(0, pool.SharedBuffers.Snapshot().InUse);
    }

    [Fact]
    public async Task CallAsync_SameBufferInRequestAndResult_EachSideDisposesItsOwn()
    {
        ProcessPool pool = StartPool();
        SharedBuffer given = pool.SharedBuffers.CopyOf([1, 2, 3]);
        Pixels result = await Invert(pool).CallAsync(new Pixels(given, "x")).WaitAsync(Limit);
        given.Dispose();
        Assert.Equal([254, 253, 252], result.Bytes.Span.ToArray());
        result.Dispose();
        Assert.Equal(0, pool.SharedBuffers.Snapshot().InUse);
    }

    [Fact]
    public async Task CallAsync_CallerDisposesBeforeTheEnd_TheCallKeepsTheBuffer()
    {
        ProcessPool pool = StartPool();
        SharedBuffer buffer = pool.SharedBuffers.Rent(Bytes);
        buffer.Span.Fill(2);
        Task<Answer> call = Sum(pool).CallAsync(new Pixels(buffer, "x"));
        buffer.Dispose();
        Assert.Equal(Bytes * 2, (await call.WaitAsync(Limit)).Number);
        Assert.Equal(0, pool.SharedBuffers.Snapshot().InUse);
        Assert.Throws<ObjectDisposedException>(() => Sum(pool).CallAsync(new Pixels(buffer, "x")).IsCompleted);
    }

    [Fact]
    public async Task CallAsync_TwoPoolsShareTheirBuffers_OneReadsWhatTheOtherWrote()
    {
        using SharedBufferPool buffers = new();
        ProcessPool decoders = StartPool(options => options.SharedBuffers = buffers);
        ProcessPool encoders = StartPool(options => options.SharedBuffers = buffers);
        using Pixels pixels = await Fill(decoders).CallAsync(new Order("1000", 0)).WaitAsync(Limit);
        int expected = 0;
        foreach (byte value in pixels.Bytes.Span)
            expected += value;
        Assert.Equal(expected, (await Sum(encoders).CallAsync(pixels).WaitAsync(Limit)).Number);
    }

    [Fact]
    public async Task CallAsync_BufferOfAnotherPool_IsRefused()
    {
        ProcessPool pool = StartPool();
        using SharedBufferPool other = new();
        using SharedBuffer buffer = other.Rent(100);
        InvalidOperationException error =
            await Assert.ThrowsAsync<InvalidOperationException>(() => Sum(pool).CallAsync(new Pixels(buffer, "x")));
        Assert.Contains("ProcessPoolOptions.SharedBuffers", error.Message);
    }

    [Theory]
    [InlineData("throw", typeof(WorkerFunctionException))]
    [InlineData("abort", typeof(WorkerCrashedException))]
    public async Task CallAsync_HandlerEndsWithRentedMemory_NothingOfItIsLeft(string how, Type expected)
    {
        ProcessPool pool = StartPool();
        Exception? error = await Record.ExceptionAsync(() => Function(pool, "rent-and").CallAsync(new Order(how, 8)).WaitAsync(Limit));
        Assert.IsType(expected, error);
        await Function(pool, "echo").CallAsync(new Order("next")).WaitAsync(Limit);
        Assert.Equal(0, pool.SharedBuffers.Snapshot().InUse);
        Assert.Equal(8 << 20, pool.SharedBuffers.Snapshot().PeakInUse);
    }

    [Fact]
    public async Task CallAsync_WorkerDiesAndTheCallIsTriedAgain_OnlyTheLastAttemptHoldsMemory()
    {
        ProcessPool pool = StartPool();
        await Function(pool, "rent-and").CallAsync(new Order("abort-once", 8)).WaitAsync(Limit);
        Assert.Equal(0, pool.SharedBuffers.Snapshot().InUse);
        Assert.Equal(1, pool.Snapshot().WorkerDeaths);
    }

    [Fact]
    public async Task CallAsync_CanceledWhileItHoldsMemory_NothingOfItIsLeft()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        using CancellationTokenSource cancel = new();
        using SharedBuffer request = pool.SharedBuffers.Rent(1 << 20);
        Task<Answer> call = Function(pool, "rent-and").CallAsync(new Order("hang", 8, file), cancel.Token);
        await HangingProcess(file);
        Assert.Equal(9 << 20, pool.SharedBuffers.Snapshot().InUse);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Limit));
        Assert.Equal(1 << 20, pool.SharedBuffers.Snapshot().InUse);
    }

    [Fact]
    public async Task Rent_PoolIsFull_TheCallFailsWithTheReasonAndTheWorkerLives()
    {
        using SharedBufferPool buffers = new(new SharedBufferPoolOptions { MaxBytes = 4 << 20 });
        ProcessPool pool = StartPool(options => options.SharedBuffers = buffers);
        WorkerFunctionException error = await Assert.ThrowsAsync<WorkerFunctionException>(
            () => Function(pool, "rent-and").CallAsync(new Order("return", 8)).WaitAsync(Limit));
        Assert.Equal("Pipeline.Processes.SharedMemoryException", error.RemoteType);
        Assert.Contains("MaxBytes allows 4194304", error.Message);
        await Function(pool, "rent-and").CallAsync(new Order("return", 4)).WaitAsync(Limit);
        Assert.Equal(0, pool.Snapshot().WorkerDeaths);
    }

    [Fact]
    public async Task Rent_FromSeveralThreadsWithCallsWaitingBehind_EachGetsItsOwnMemory()
    {
        ProcessPool pool = StartPool();
        Task<Answer>[] calls = [.. Enumerable.Range(0, 200)
            .Select(i => Function(pool, i % 4 == 0 ? "rent-many" : "echo").CallAsync(new Order("x", i % 4 == 0 ? 20 : i)))];
        Answer[] answers = await Task.WhenAll(calls).WaitAsync(Limit);
        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(i % 4 == 0 ? 20 : i, answers[i].Number);
        Assert.Equal(0, pool.SharedBuffers.Snapshot().InUse);
    }

    [Fact]
    public async Task MemoryLimit_WorkerTouchesMoreSharedMemoryThanItMayHave_IsNotItsOwnMemory()
    {
        ProcessPool pool = StartPool(options => options.MemoryLimitBytes = 150L << 20);
        using SharedBuffer buffer = pool.SharedBuffers.Rent(300 << 20);
        buffer.Span.Fill(1);
        for (int i = 0; i < 3; i++)
            Assert.Equal(300 << 20, (await Sum(pool).CallAsync(new Pixels(buffer, "x")).WaitAsync(Limit)).Number);
        Assert.Equal((0, 0), ((int)pool.Snapshot().WorkersKilled, (int)pool.Snapshot().WorkersRecycled));
    }

    [Fact]
    public async Task Dispose_OfTheProcessPool_NoProcessHasTheMemoryAnyMore()
    {
        string name = $"pipeline-shared-{Environment.ProcessId}";
        ProcessPool pool = StartPool();
        (await Fill(pool).CallAsync(new Order($"{Bytes}")).WaitAsync(Limit)).Dispose();
        Assert.Contains(Environment.ProcessId, SharedMemory.HoldersOf(name));
        await pool.DisposeAsync();
        Assert.Empty(SharedMemory.HoldersOf(name));
    }

    internal static bool HoldsFilled(Pixels pixels)
    {
        Span<byte> bytes = pixels.Bytes.Span;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)((i * 31) + pixels.Number))
                return false;
        }

        return true;
    }

    private static WorkerFunction<Pixels, Answer> Sum(ProcessPool pool) =>
        pool.Function("sum", HostJson.Default.Pixels, HostJson.Default.Answer);

    private static WorkerFunction<Order, Pixels> Fill(ProcessPool pool) =>
        pool.Function("fill", HostJson.Default.Order, HostJson.Default.Pixels);

    private static WorkerFunction<Pixels, Pixels> Invert(ProcessPool pool) =>
        pool.Function("invert", HostJson.Default.Pixels, HostJson.Default.Pixels);
}
