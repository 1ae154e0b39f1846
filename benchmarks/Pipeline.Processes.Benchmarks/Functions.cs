using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.Processes.Benchmarks;

/// <summary>What the workers of the benchmarks do.</summary>
internal static partial class Functions
{
    private const string SetVariable = "PIPELINE_BENCHMARK_FUNCTIONS";

    /// <summary>Starts a pool whose workers have another set of functions.</summary>
    public static ProcessPool StartPool(int workers, string set)
    {
        ProcessPoolOptions options = new() { Workers = workers, WarmSpares = 0 };
        options.Environment[SetVariable] = set;
        return ProcessPool.Start(options);
    }

    public static void Register(WorkerHandlers workers)
    {
        // Only where they are used: the start of every worker would pay for them.
        switch (Environment.GetEnvironmentVariable(SetVariable))
        {
            case BufferBenchmark.Set:
                BufferBenchmark.Register(workers);
                return;
            case PhotoFunctions.Set:
                PhotoFunctions.Register(workers);
                return;
            default:
                break;
        }

        Add(workers, "echo", message => message);
        Add(workers, "spin", message =>
        {
            Spin(message.Number);
            return message;
        });
        Add(workers, "poison", message =>
        {
            if (message.Number == 1)
                Environment.FailFast($"poison: {message.Text}");
            Spin(200);
            return message;
        });
        Add(workers, "primes", message => message with { Number = ThreadsBenchmark.CountPrimes(message.Number) });
        Add(workers, "cpu", message =>
        {
            Compute(message.Number);
            return message;
        });
        Add(workers, "cpu and wait", message =>
        {
            Compute(message.Number);
            Thread.Sleep(TimeSpan.FromMicroseconds(message.Number)); // for a disk, as it were
            return message;
        });
    }

    public static WorkerFunction<Message, Message> Get(ProcessPool pool, string name) =>
        pool.Function(name, BenchmarkJson.Default.Message, BenchmarkJson.Default.Message);

    private static void Add(WorkerHandlers workers, string name, Func<Message, Message> handler) =>
        workers.Add(name, BenchmarkJson.Default.Message, BenchmarkJson.Default.Message, (message, _) => handler(message));

    /// <summary>
    /// Computes for a time on this processor, however many others want it. What the runtime compiles on other threads meanwhile does not count.
    /// </summary>
    private static void Compute(int microseconds)
    {
        long end = ThreadNanoseconds() + (microseconds * 1000L);
        double value = 1;
        while (ThreadNanoseconds() < end)
        {
            for (int i = 0; i < 20_000; i++)
                value = Math.Sqrt(value + i);
        }
    }

    private static void Spin(int microseconds)
    {
        long end = Stopwatch.GetTimestamp() + (microseconds * Stopwatch.Frequency / 1_000_000);
        while (Stopwatch.GetTimestamp() < end)
        {
        }
    }

    private static long ThreadNanoseconds()
    {
        const int ThreadProcessorTime = 3;
        Span<long> time = stackalloc long[2]; // struct timespec: seconds, nanoseconds
        return clock_gettime(ThreadProcessorTime, ref MemoryMarshal.GetReference(time)) == 0
            ? (time[0] * 1_000_000_000) + time[1]
            : throw new InvalidOperationException("clock_gettime failed");
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int clock_gettime(int clock, ref long time);
}
