using System.Text.Json.Serialization;
using Pipeline.Core;
using Pipeline.Processes;

namespace Pipeline.Snippets;

internal sealed record Job(string Path, int Width);

internal sealed record Thumbnail(string Path, long Bytes);

internal sealed record Decoded(SharedBuffer Pixels, int Width, int Height) : IWeighted, IDisposable
{
    public long WeightBytes => Pixels.WeightBytes;

    public void Dispose() => Pixels.Dispose();
}

[JsonSerializable(typeof(Decoded))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Thumbnail))]
internal sealed partial class JobJson : JsonSerializerContext;

internal static class ProcessPoolSnippets
{
    public static void Main1(string[] args)
    {
        // <snippet pool-main>
        // The first line of Main. In a worker process it serves and never returns; otherwise it returns at once.
        WorkerHost.Run(
            args, workers => workers.Add("thumbnail", JobJson.Default.Job, JobJson.Default.Thumbnail, (job, context) => Make(job)));
        // </snippet>
    }

    public static void StageMain(string[] args)
    {
        // <snippet pool-stage-worker>
        WorkerHost.Run(
            args, workers => workers.AddStage("shrink", JobJson.Default.Job, JobJson.Default.Thumbnail, () => new ShrinkStage()));
        // </snippet>
    }

    public static async Task Call(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        // <snippet pool-call>
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Workers = 4, MemoryLimitBytes = 1L << 30 });
        WorkerFunction<Job, Thumbnail> make = pool.Function("thumbnail", JobJson.Default.Job, JobJson.Default.Thumbnail);

        foreach (string path in paths)
        {
            try
            {
                Thumbnail done = await make.CallAsync(
                    new Job(path, 256), new WorkerCallOptions { Item = path, Deadline = TimeSpan.FromMinutes(1) }, cancellationToken);
                Console.WriteLine($"{done.Path}: {done.Bytes} bytes");
            }
            catch (WorkerCrashedException crash)
            {
                Console.WriteLine(crash.Message);
            }
        }
        // </snippet>
    }

    public static async Task Stage(ProcessPool pool, IEnumerable<Job> jobs)
    {
        // <snippet pool-stage>
        RunReport report = await PipelineBuilder.Start<Job>("thumbnails")
            .Stage("shrink", new ShrinkStage(), stage =>
            {
                stage.Executor = StageExecutor.Processes(pool, JobJson.Default);
                stage.Workers = pool.Workers;
                stage.OnFailure = FailurePolicy.Skip;
            })
            .Build()
            .RunAsync(jobs, new RunOptions { Workers = pool.Workers });
        // </snippet>
        Console.WriteLine(report.ItemsCompleted);
    }

    public static async Task Methods()
    {
        // <snippet pool-methods>
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Launch = WorkerLaunch.StaticMethods() });
        WorkerFunction<Job, Thumbnail> make = pool.Method<Job, Thumbnail>(Make, JobJson.Default.Job, JobJson.Default.Thumbnail);
        Thumbnail done = await make.CallAsync(new Job("photo.jpg", 256));
        // </snippet>
        Console.WriteLine(done.Path);
    }

    public static void BufferMain(string[] args)
    {
        // <snippet pool-buffer-worker>
        WorkerHost.Run(args, workers => workers.Add("decode", JobJson.Default.Job, JobJson.Default.Decoded, (job, context) =>
        {
            SharedBuffer pixels = context.Rent(6000 * 4000 * 3);
            Decode(job.Path, pixels.Span);
            return new Decoded(pixels, 6000, 4000);
        }));
        // </snippet>
    }

    public static async Task Buffers()
    {
        // <snippet pool-buffer>
        await using ProcessPool pool = ProcessPool.Start();
        WorkerFunction<Job, Decoded> decode = pool.Function("decode", JobJson.Default.Job, JobJson.Default.Decoded);
        using Decoded photo = await decode.CallAsync(new Job("photo.dng", 6000));
        byte firstRed = photo.Pixels.Span[0]; // the memory that the worker wrote to
        // </snippet>
        Console.WriteLine(firstRed);
    }

    public static async Task MethodStage(ProcessPool pool, IEnumerable<Job> jobs)
    {
        // <snippet pool-stage-method>
        RunReport report = await PipelineBuilder.Start<Job>("thumbnails")
            .Stage("shrink", Make, stage => stage.Executor = StageExecutor.Processes(pool, JobJson.Default))
            .Build()
            .RunAsync(jobs);
        // </snippet>
        Console.WriteLine(report.ItemsCompleted);
    }

    private sealed class ShrinkStage : IStage<Job, Thumbnail>, IStageWorker<Job, Thumbnail>
    {
        public IStageWorker<Job, Thumbnail> CreateWorker(StageWorkerContext context) => this;

        public ValueTask<Thumbnail> ProcessAsync(Job item, CancellationToken cancellationToken) => new(Make(item));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private static void Decode(string path, Span<byte> pixels) => pixels.Fill((byte)path.Length);

    private static Thumbnail Make(Job job) => new(job.Path, job.Width);
}
