using System.Diagnostics;
using Pipeline.Core;
using Pipeline.Imaging;

namespace Pipeline.Processes.Benchmarks;

/// <summary>
/// Two ways to build the photo job from processes: a worker does a whole photo, or pixels go from worker to worker, as bytes or by reference.
/// </summary>
internal static class PhotoBenchmark
{
    private const int Photos = 6;
    private const int Rounds = 3;
    private const int Workers = 2;
    private const double Megapixels = 34; // 102 MB of pixels

    public static async Task RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("pipeline-benchmark-").FullName;
        try
        {
            SyntheticCamera camera = SyntheticCamera.OfMegapixels(Megapixels);
            string[] paths = [.. Enumerable.Range(0, Photos).Select(i => Path.Combine(folder, $"photo{i}.dng"))];
            for (int i = 0; i < Photos; i++)
                camera.TakePhoto(paths[i], i);
            double payload = Photos * (double)camera.Width * camera.Height * 3;
            Console.WriteLine();
            Console.WriteLine("## The photo job with images of 100 MB, three ways");
            Console.WriteLine();
            Console.WriteLine(
                $"{Photos} DNG photos of {camera.Width} x {camera.Height} ({payload / Photos / 1e6:0} MB of pixels), {Workers} worker "
                    + $"processes, widths 3840, 1920 and 256 as JPEG; medians of {Rounds} rounds, interleaved. Memory is that of all");
            Console.WriteLine(
                "processes together, shared pages counted once (Pss, looked at every 50 ms). Every way gives the same files.");
            Console.WriteLine();
            Console.WriteLine("| | s | CPU s | peak memory, MiB | bytes through pipes per payload byte | bytes copied per payload byte |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|");
            string[] names = ["path only: a worker does the whole photo", "pixels through the pipe", "pixels in shared memory"];
            List<Sample>[] samples = [[], [], []];
            for (int round = 0; round < Rounds; round++)
            {
                for (int mode = 0; mode < names.Length; mode++)
                    samples[mode].Add(await OnceAsync(mode, paths, Path.Combine(folder, $"out{round}{mode}")));
            }

            if (samples.SelectMany(one => one).Select(sample => sample.Hashes).Distinct().Count() != 1)
                throw new InvalidOperationException("The ways do not give the same files.");
            for (int mode = 0; mode < names.Length; mode++)
            {
                double Of(Func<Sample, double> value) => Statistics.Median(samples[mode].Select(value));
                double sent = Of(sample => sample.SentBytes) / payload;
                Console.WriteLine(
                    $"| {names[mode]} | {Of(sample => sample.Seconds):0.00} | {Of(sample => sample.ProcessorSeconds):0.00} | "
                        + $"{Of(sample => sample.PeakMiB):0} | {sent:0.00} | "
                        + $"{(sent * BufferBenchmark.CopiesOfSentBytes) + (Of(sample => sample.CopiedBytes) / payload):0.00} |");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Sample> OnceAsync(int mode, string[] paths, string output)
    {
        // nothing of the round before is measured
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        double processorBefore = TreeUsage.ProcessorSeconds();
        List<string> hashes = [];
        using TreeUsage usage = new();
        long start = Stopwatch.GetTimestamp();
        double seconds;
        long sent;
        long copied;
        await using (ProcessPool pool = Functions.StartPool(Workers, PhotoFunctions.Set))
        {
            StageExecutor processes = StageExecutor.Processes(pool, PhotoJson.Default);
            PipelineBuilder<PhotoOrder, PhotoOrder> photos = PipelineBuilder.Start<PhotoOrder>("photos");
            PipelineBuilder<PhotoOrder, StoredPhoto> job = mode switch
            {
                0 => photos.Stage("photo", new Elsewhere<PhotoOrder, StoredPhoto>(), options => options.Executor = processes),
                1 => photos.Stage("decode-bytes", new Elsewhere<PhotoOrder, PicturedBytes>(), options => options.Executor = processes)
                    .Stage("finish-bytes", new Elsewhere<PicturedBytes, StoredPhoto>(), options => options.Executor = processes),
                _ => photos.Stage("decode-shared", new Elsewhere<PhotoOrder, PicturedShared>(), options => options.Executor = processes)
                    .Stage("finish-shared", new Elsewhere<PicturedShared, StoredPhoto>(), options => options.Executor = processes),
            };
            await job.Build().RunAsync(
                paths.Select(path => new PhotoOrder(path, output)),
                (photo, _) =>
                {
                    hashes.AddRange(photo.Outputs.Select(file => file.Sha256));
                    return ValueTask.CompletedTask;
                },
                new RunOptions { Workers = Workers, MaxItemsInFlight = Workers * 2 });
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            sent = pool.Snapshot().PayloadBytes;
            copied = pool.SharedBuffers.Snapshot().Copied;
        }

        return new Sample(seconds, TreeUsage.ProcessorSeconds() - processorBefore, usage.PeakMiB, sent, copied, string.Join(' ', hashes));
    }

    private sealed record Sample(
        double Seconds, double ProcessorSeconds, double PeakMiB, double SentBytes, double CopiedBytes, string Hashes);

    /// <summary>A stage that only worker processes have.</summary>
    private sealed class Elsewhere<TIn, TOut> : IStage<TIn, TOut>
    {
        public IStageWorker<TIn, TOut> CreateWorker(StageWorkerContext context) =>
            throw new InvalidOperationException($"Stage '{context.StageName}' runs in worker processes.");
    }
}
