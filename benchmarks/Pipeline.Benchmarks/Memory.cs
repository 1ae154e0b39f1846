using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Dataflow;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>Does the budget hold, and what does it cost? 500 native buffers of 24 MiB through three stages under 256 MiB.</summary>
/// <remarks>
/// The resident size can only tell what a variant holds when the allocator keeps nothing else. So freed buffers are used again, as those of the photo
/// stages are, a fresh one is taken only when all are held, and after each run they are unmapped. That takes a fixed threshold for mapped blocks: the GNU
/// allocator maps large blocks one by one, but after the first one of 24 MiB that is freed it takes later ones from heaps that keep them.
/// </remarks>
internal static partial class Memory
{
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD
    private const int Buffers = 500;
    private const int Size = 24 << 20;
    private const long Budget = 256L << 20;
    private const int DataflowEvery = 3; // odd, so that neither variant of Pipeline comes after it more often

    public static async Task RunAsync(int rounds)
    {
        if (SetAllocatorOption(MapThreshold, 1 << 20) == 0)
            throw new InvalidOperationException(
                "The allocator took no fixed threshold for mapped blocks, so resident sizes would tell what it keeps.");
        List<(double Rss, double Charged, double Rate)> bounded = [], free = [], dataflow = [];
        (double Rss, double Charged, double) boundedCold = await OursAsync(Budget), freeCold = await OursAsync(null);
        for (int round = 0; round < rounds; round++)
        {
            if (round % DataflowEvery == 0)
                dataflow.Add(await DataflowAsync());
            bool isBoundedFirst = round % 2 == 0;
            if (isBoundedFirst)
                bounded.Add(await OursAsync(Budget));
            free.Add(await OursAsync(null));
            if (!isBoundedFirst)
                bounded.Add(await OursAsync(Budget));
        }

        Console.WriteLine("| variant | peak RSS above start, MiB (max) | charged peak, MiB | buffers/s (median) |");
        Console.WriteLine("|---|--:|--:|--:|");
        Print("Pipeline, budget 256 MiB", bounded, boundedCold);
        Print("Pipeline, no budget", free, freeCold);
        Print("TPL Dataflow, capacity 8", dataflow);
        Console.WriteLine();
        Console.WriteLine(
            $"Throughput with / without the budget: median and 95 % interval of {rounds} pairs "
                + $"{PairRatio.Of([.. bounded.Select(r => r.Rate)], [.. free.Select(r => r.Rate)])}");
        Console.WriteLine(
            "Rule: the two runs of a pair follow each other and take turns at going first; the median of their ratios counts. Both ran "
                + "once before, so that code is compiled; the peaks count that run too.");
        Console.WriteLine();
    }

    private static void Print(
        string name, List<(double Rss, double Charged, double Rate)> rounds, (double Rss, double Charged, double) cold = default) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {Math.Max(cold.Rss, rounds.Max(r => r.Rss)):F0} | {Math.Max(cold.Charged, rounds.Max(r => r.Charged)):F0} | "
                + $"{Rate(rounds):F1} |"));

    private static double Rate(List<(double Rss, double Charged, double Rate)> rounds) =>
        rounds.Select(r => r.Rate).Order().ElementAt(rounds.Count / 2);

    private static async Task<(double Rss, double Charged, double Rate)> OursAsync(long? budget)
    {
        StagedPipeline<int, long> pipeline = PipelineBuilder.Start<int>("memory")
            .Stage("fill", new Fill(), static o => (o.Workers, o.Capacity) = (2, 8))
            .Stage("scale", static buffer => buffer.Scale(), static o => (o.Workers, o.Capacity) = (2, 8))
            .Stage("sum", static buffer => buffer.SumAndFree(), static o => (o.Workers, o.Capacity) = (1, 8))
            .Build();
        return await MeasureAsync(async () => (await pipeline.RunAsync(Enumerable.Range(0, Buffers),
            new RunOptions { Workers = 2, MemoryBudgetBytes = budget })).PeakInFlightBytes);
    }

    private static Task<(double Rss, double Charged, double Rate)> DataflowAsync() => MeasureAsync(async () =>
    {
        ExecutionDataflowBlockOptions two = new() { MaxDegreeOfParallelism = 2, BoundedCapacity = 8 };
        TransformBlock<int, NativeBuffer> fill = new(static _ => new NativeBuffer(Size).Fill(), two);
        TransformBlock<NativeBuffer, NativeBuffer> scale = new(static buffer => buffer.Scale(), two);
        ActionBlock<NativeBuffer> sum =
            new(static buffer => buffer.SumAndFree(), new ExecutionDataflowBlockOptions { BoundedCapacity = 8 });
        fill.LinkTo(scale, new DataflowLinkOptions { PropagateCompletion = true });
        scale.LinkTo(sum, new DataflowLinkOptions { PropagateCompletion = true });
        for (int i = 0; i < Buffers; i++)
            await fill.SendAsync(i);
        fill.Complete();
        await sum.Completion;
        return 0;
    });

    private static async Task<(double Rss, double Charged, double Rate)> MeasureAsync(Func<Task<long>> run)
    {
        GC.Collect();
        long before = Status("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew
        long start = Stopwatch.GetTimestamp();
        long charged = await run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double peak = (Status("VmHWM") - before) / 1024.0;
        NativeBuffer.Unmap();
        return (peak, charged / 1048576.0, Buffers / seconds);
    }

    private static long Status(string key) =>
        long.Parse(File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(key, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAllocatorOption(int option, int value);

    private sealed class Fill : IStage<int, NativeBuffer>, IWeightEstimator<int>, IStageWorker<int, NativeBuffer>
    {
        public long EstimateWeightBytes(int item) => Size;

        public IStageWorker<int, NativeBuffer> CreateWorker(StageWorkerContext context) => this;

        public ValueTask<NativeBuffer> ProcessAsync(int item, CancellationToken cancellationToken) => new(new NativeBuffer(Size).Fill());

        public ValueTask DisposeAsync() => default;
    }

    private sealed unsafe class NativeBuffer(int size) : IWeighted, IDisposable
    {
        private static readonly ConcurrentStack<nint> s_freed = new(); // all of one size
        private byte* _bytes = (byte*)(s_freed.TryPop(out nint freed) ? freed : (nint)NativeMemory.Alloc((nuint)size));

        public long WeightBytes => _bytes is null ? 0 : size;

        public static void Unmap()
        {
            while (s_freed.TryPop(out nint freed))
                NativeMemory.Free((void*)freed);
        }

        public NativeBuffer Fill()
        {
            new Span<byte>(_bytes, size).Fill(3);
            return this;
        }

        public NativeBuffer Scale()
        {
            foreach (ref ulong word in new Span<ulong>(_bytes, size / 8))
                word *= 3;
            return this;
        }

        public long SumAndFree()
        {
            long sum = 0;
            foreach (ulong word in new Span<ulong>(_bytes, size / 8))
                sum += (long)(word & 0xff);
            Dispose();
            return sum;
        }

        public void Dispose()
        {
            if (_bytes is not null)
                s_freed.Push((nint)_bytes);
            _bytes = null;
        }
    }
}
