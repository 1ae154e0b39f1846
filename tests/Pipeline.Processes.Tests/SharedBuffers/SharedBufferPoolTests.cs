using System.Text.Json;
using FsCheck.Xunit;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

public sealed class SharedBufferPoolTests
{
    [Fact]
    public void Rent_Disposed_TheNextOneGetsTheSameMemory()
    {
        using SharedBufferPool pool = new();
        SharedBuffer first = pool.Rent(1 << 20);
        first.Span[0] = 77;
        first.Dispose();
        using SharedBuffer second = pool.Rent((1 << 20) - 5);
        Assert.Equal(((1 << 20) - 5, (byte)77), (second.Length, second.Span[0]));
        Assert.Equal(new SharedBufferUsage(1 << 20, 0, 1 << 20, 0), pool.Snapshot());
    }

    [Fact]
    public void Rent_MoreThanMaxBytes_IsRefusedWithBothNumbersAndWhatToDo()
    {
        using SharedBufferPool pool = new(new SharedBufferPoolOptions { MaxBytes = 10 << 20 });
        using SharedBuffer held = pool.Rent(6 << 20);
        SharedMemoryException error = Assert.Throws<SharedMemoryException>(() => pool.Rent(5 << 20));
        Assert.Contains("5242880 bytes was refused: 6291456 bytes are in use", error.Message);
        Assert.Contains("MaxBytes allows 10485760", error.Message);
        Assert.Contains("RunOptions.MemoryBudgetBytes", error.Message);
        pool.Rent(4 << 20).Dispose();
    }

    [Fact]
    public void Rent_MachineHasLessFreeThanItMustLeave_IsRefusedBeforeAnyMemoryIsTaken()
    {
        using SharedBufferPool pool = new(new SharedBufferPoolOptions { ReservedBytes = 1L << 50 });
        SharedMemoryException error = Assert.Throws<SharedMemoryException>(() => pool.Rent(1000));
        Assert.Contains("MiB free, of which SharedBufferPoolOptions.ReservedBytes keeps 1073741824 MiB", error.Message);
        Assert.Contains("the size of /dev/shm does not matter", error.Message);
        Assert.Equal((0, 0), (pool.Snapshot().InUse, pool.Snapshot().Idle));
    }

    [Fact]
    public void Rent_IdleMemoryIsOfTheWrongSize_MakesRoomForTheNewOne()
    {
        using SharedBufferPool pool = new(new SharedBufferPoolOptions { MaxBytes = 10 << 20, MaxIdleBytes = 10 << 20 });
        for (int i = 0; i < 4; i++)
            pool.Rent(2 << 20).Dispose();
        SharedBuffer[] small = [pool.Rent(2 << 20), pool.Rent(2 << 20), pool.Rent(2 << 20)];
        foreach (SharedBuffer buffer in small)
            buffer.Dispose();
        Assert.Equal(6 << 20, pool.Snapshot().Idle);
        using SharedBuffer large = pool.Rent(9 << 20);
        Assert.True(pool.Snapshot() is { InUse: 9 << 20, Idle: <= 1 << 20 }, pool.Snapshot().ToString());
    }

    [Fact]
    public void Dispose_MoreIdleThanAllowed_GoesBackToTheSystem()
    {
        using SharedBufferPool pool = new(new SharedBufferPoolOptions { MaxIdleBytes = 3 << 20 });
        SharedBuffer[] buffers = [.. Enumerable.Range(0, 8).Select(_ => pool.Rent(1 << 20))];
        foreach (SharedBuffer buffer in buffers)
            buffer.Span.Fill(1);
        long before = SharedBytes();
        foreach (SharedBuffer buffer in buffers)
            buffer.Dispose();
        Assert.Equal((0, 3 << 20), (pool.Snapshot().InUse, pool.Snapshot().Idle));
        Assert.Equal(before - (5 << 20), SharedBytes());
        pool.Trim();
        Assert.Equal(0, pool.Snapshot().Idle);
        Assert.Equal(before - (8 << 20), SharedBytes());
    }

    [Fact]
    public void Span_AfterDispose_Throws()
    {
        using SharedBufferPool pool = new();
        SharedBuffer buffer = pool.Rent(10);
        Memory<byte> memory = buffer.Memory;
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.Memory.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Equal(0, buffer.WeightBytes);
    }

    [Fact]
    public void Dispose_OfThePoolWithRentedBuffers_LeavesThemUsableUntilTheyAreDisposed()
    {
        SharedBufferPool pool = new();
        SharedBuffer buffer = pool.CopyOf([1, 2, 3]);
        pool.Dispose();
        Assert.Equal([1, 2, 3], buffer.Span.ToArray());
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(1));
        buffer.Dispose();
        Assert.Equal(new SharedBufferUsage(0, 0, 65536, 3), pool.Snapshot());
    }

    [Fact]
    public void Serialize_OutsideOfACall_SaysWhyNot()
    {
        using SharedBufferPool pool = new();
        using SharedBuffer buffer = pool.Rent(10);
        NotSupportedException error =
            Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new Pixels(buffer, "x"), HostJson.Default.Pixels));
        Assert.Contains("outside of a call", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Rent_SizeIsNotPositive_IsRefused(int bytes)
    {
        using SharedBufferPool pool = new();
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(bytes));
        Assert.Contains("1 to 2,147,483,647", error.Message);
    }

    [Property]
    public bool Rent_AnySequence_BuffersNeverOverlapAndTheNumbersAddUp((int Size, bool Keep)[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        using SharedBufferPool pool = new(new SharedBufferPoolOptions { MaxBytes = 64 << 20, MaxIdleBytes = 1 << 20 });
        List<(SharedBuffer Buffer, byte Mark)> held = [];
        for (int i = 0; i < steps.Length; i++)
        {
            if (!steps[i].Keep && held.Count > 0)
            {
                held[0].Buffer.Dispose();
                held.RemoveAt(0);
            }

            SharedBuffer buffer = pool.Rent(1 + (Math.Abs(steps[i].Size % 100) * 3001));
            buffer.Span.Fill((byte)i);
            held.Add((buffer, (byte)i));
        }

        bool intact = held.All(one => one.Buffer.Span.IndexOfAnyExcept(one.Mark) < 0);
        bool counted = pool.Snapshot().InUse == held.Sum(one => one.Buffer.WeightBytes);
        foreach ((SharedBuffer buffer, _) in held)
            buffer.Dispose();
        return intact && counted && pool.Snapshot() is { InUse: 0, Idle: <= 1 << 20 };
    }

    /// <summary>
    /// Counts the memory of buffers that this process has mapped, page by page: the sums in <c>status</c> are estimates on machines with many processors,
    /// and have compiled code among them.
    /// </summary>
    private static long SharedBytes()
    {
        string name = $"/memfd:pipeline-shared-{Environment.ProcessId} ";
        bool isOurs = false;
        long kib = 0;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
                isOurs = line.Contains(name, StringComparison.Ordinal);
            else if (isOurs && words[0] == "Rss:")
                kib += long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        return kib * 1024;
    }
}
