using System.Diagnostics;

namespace Pipeline.Processes.Benchmarks;

/// <summary>What does it cost to give 24 MiB to a worker, and to get them from one?</summary>
internal static class BufferBenchmark
{
    public const string Set = "buffers";
    public const int Bytes = 24 << 20;
    /// <summary>Into the sender's buffer, into the kernel, out of it, out of the receiver's buffer.</summary>
    public const int CopiesOfSentBytes = 4;

    private const int PageBytes = 4096;
    private const int Rounds = 40;

    public static void Register(WorkerHandlers workers)
    {
        workers.Add(
            "touch-shared",
            BenchmarkJson.Default.SharedPixels,
            BenchmarkJson.Default.Message,
            (pixels, _) => new Message("x", Touch(pixels.Bytes.Span)));
        workers.Add(
            "touch", BenchmarkJson.Default.Pixels, BenchmarkJson.Default.Message, (pixels, _) => new Message("x", Touch(pixels.Bytes)));
        workers.Add("make-shared", BenchmarkJson.Default.Message, BenchmarkJson.Default.SharedPixels, (message, context) =>
        {
            SharedBuffer buffer = context.Rent(Bytes);
            Fill(buffer.Span, (byte)message.Number);
            return new SharedPixels(buffer);
        });
        workers.Add("make", BenchmarkJson.Default.Message, BenchmarkJson.Default.Pixels, (message, _) =>
        {
            byte[] bytes = new byte[Bytes];
            Fill(bytes, (byte)message.Number);
            return new Pixels(bytes);
        });
    }

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## 24 MiB to a worker and from a worker");
        Console.WriteLine();
        Console.WriteLine("The receiver reads and the sender of a result writes one byte of each page.");
        Console.WriteLine();
        Console.WriteLine("| | to the worker, ms (best / median) | from the worker, ms (best / median) | bytes copied per payload byte |");
        Console.WriteLine("|---|--:|--:|--:|");
        await using ProcessPool pool = Functions.StartPool(1, Set);
        await SharedAsync(pool);
        await PipeAsync(pool);
        if (Python.Script("buffers.py") is string text)
            Console.WriteLine(text);
    }

    private static async Task SharedAsync(ProcessPool pool)
    {
        WorkerFunction<SharedPixels, Message> touch =
            pool.Function("touch-shared", BenchmarkJson.Default.SharedPixels, BenchmarkJson.Default.Message);
        WorkerFunction<Message, SharedPixels> make =
            pool.Function("make-shared", BenchmarkJson.Default.Message, BenchmarkJson.Default.SharedPixels);
        using SharedBuffer buffer = pool.SharedBuffers.Rent(Bytes);
        Fill(buffer.Span, 1);
        List<double> to = await MeasureAsync(Rounds, async _ => Check(1, (await touch.CallAsync(new SharedPixels(buffer))).Number));
        List<double> from = await MeasureAsync(Rounds, async round =>
        {
            using SharedPixels pixels = await make.CallAsync(new Message("x", round));
            Check(round, Touch(pixels.Bytes.Span));
        });
        long copied = pool.SharedBuffers.Snapshot().Copied;
        Console.WriteLine(
            $"| **SharedBuffer** | {Row(to)} | {Row(from)} | {copied} ({pool.Snapshot().PayloadBytes / (2.0 * (Rounds + 5)):0} bytes of "
                + "JSON a call) |");
    }

    private static async Task PipeAsync(ProcessPool pool)
    {
        WorkerFunction<Pixels, Message> touch = pool.Function("touch", BenchmarkJson.Default.Pixels, BenchmarkJson.Default.Message);
        WorkerFunction<Message, Pixels> make = pool.Function("make", BenchmarkJson.Default.Message, BenchmarkJson.Default.Pixels);
        byte[] bytes = new byte[Bytes];
        Fill(bytes, 1);
        long before = pool.Snapshot().PayloadBytes;
        List<double> to = await MeasureAsync(8, async _ => Check(1, (await touch.CallAsync(new Pixels(bytes))).Number));
        List<double> from =
            await MeasureAsync(8, async round => Check(round, Touch((await make.CallAsync(new Message("x", round))).Bytes)));
        double sent = (pool.Snapshot().PayloadBytes - before) / (2.0 * (8 + 5) * Bytes);
        Console.WriteLine($"| ProcessPool, bytes as JSON through the pipe | {Row(to)} | {Row(from)} | {sent * CopiesOfSentBytes:0.0} |");
    }

    private static async Task<List<double>> MeasureAsync(int rounds, Func<int, Task> round)
    {
        List<double> times = [];
        for (int i = -5; i < rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await round(i & 0x7f);
            if (i >= 0)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static string Row(List<double> times) => $"{times.Min():0.000} / {Statistics.Median(times):0.000}";

    private static void Check(int expected, int got)
    {
        if (expected != got)
            throw new InvalidOperationException($"The other side has {got}, not {expected}.");
    }

    /// <summary>Reads one byte of each page, which all are the same.</summary>
    private static int Touch(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes.Length; i += PageBytes)
            sum += bytes[i];
        return sum / (bytes.Length / PageBytes);
    }

    private static void Fill(Span<byte> bytes, byte value)
    {
        for (int i = 0; i < bytes.Length; i += PageBytes)
            bytes[i] = value;
    }
}
