using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Snippets;

internal static class CoreSnippets
{
    public static async Task FirstPipeline(CancellationToken cancellationToken)
    {
        // <snippet first-pipeline>
        StagedPipeline<string, string> pipeline = PipelineBuilder.Start<string>("digests")
            .Stage("read", async (string path, CancellationToken ct) => await File.ReadAllBytesAsync(path, ct))
            .Stage("digest", bytes => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)))
            .Build();

        await foreach (string digest in pipeline.StreamAsync(Directory.EnumerateFiles("."), cancellationToken: cancellationToken))
            Console.WriteLine(digest);
        // </snippet>
    }

    public static async Task FiveStages(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        // <snippet five-stages>
        RunReport report = await PipelineBuilder.Start<string>("orders")
            .Stage("read", async (string path, CancellationToken ct) => await File.ReadAllTextAsync(path, ct))
            .Where("not empty", text => text.Length > 0)
            .Stage("parse", text => JsonDocument.Parse(text), stage => stage.OnFailure = FailurePolicy.Skip.WithMaxFailureRate(0.01))
            .SelectMany("lines", order =>
                order.RootElement.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("article").GetString()!).ToArray())
            .Batch("groups", new BatchOptions { MaxItems = 500, MaxWait = TimeSpan.FromSeconds(2) })
            .Build()
            .RunAsync(
                files,
                async (batch, ct) => await File.AppendAllLinesAsync("articles.txt", batch, ct),
                cancellationToken: cancellationToken);
        // </snippet>
        Console.WriteLine(report.Outcome);
    }

    public static async Task Budget(StagedPipeline<string, Frame> pipeline, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        // <snippet budget-run>
        RunOptions options = new() { MemoryBudgetBytes = 512L << 20 };
        RunReport report = await pipeline.RunAsync(files, options, cancellationToken);
        Console.WriteLine($"{report.PeakInFlightBytes >> 20} MiB at most, {report.ItemsOverBudget} items were larger than the budget");
        // </snippet>
    }

    // <snippet budget-stage>
    public sealed class LoadFrame : IStage<string, Frame>, IWeightEstimator<string>
    {
        public long EstimateWeightBytes(string path) => new FileInfo(path).Length * 4; // decoded, it is four times as large

        public IStageWorker<string, Frame> CreateWorker(StageWorkerContext context) => new Worker();

        private sealed class Worker : IStageWorker<string, Frame>
        {
            public async ValueTask<Frame> ProcessAsync(string path, CancellationToken cancellationToken) =>
                new(await File.ReadAllBytesAsync(path, cancellationToken));

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    public sealed record Frame(byte[] Pixels) : IWeighted
    {
        public long WeightBytes => Pixels.LongLength;
    }
    // </snippet>

    public static StagedPipeline<string, string> Order()
    {
        // <snippet order>
        StagedPipeline<string, string> pipeline = PipelineBuilder.Start<string>("pages")
            .Stage("fetch", Fetch, stage => stage.Order = StageOrder.Completion) // a slow page holds up nobody
            .StageByKey("store", page => page.Length % 16, Store, stage => stage.Workers = 4) // one at a time per shard
            .Build();
        // </snippet>
        return pipeline;
    }

    public static StagedPipeline<string, string> Failures(Action<ItemFailure> remember, out RunOptions options)
    {
        // <snippet failures>
        StagedPipeline<string, string> pipeline = PipelineBuilder.Start<string>("pages")
            .Stage("fetch", Fetch, stage =>
            {
                stage.ItemTimeout = TimeSpan.FromSeconds(30);
                stage.OnFailure = FailurePolicy.Skip.WithRetry(maxAttempts: 4, delay: TimeSpan.FromSeconds(1)).WithMaxFailureRate(0.05);
            })
            .Build();
        options = new RunOptions { DeadLetter = remember };
        // </snippet>
        return pipeline;
    }

    public static async Task Push(StagedPipeline<string, string> pipeline, string order, CancellationToken cancellationToken)
    {
        // <snippet push>
        PipelineRun<string> run = pipeline.StartPush(out PipelineInput<string> input, cancellationToken: cancellationToken);
        await input.WriteAsync(order, cancellationToken); // waits while the pipeline is full
        run.Drain(); // at shutdown: what was accepted is finished
        RunReport report = await run.Completion;
        // </snippet>
        Console.WriteLine(report.Outcome);
    }

    public static async Task Resume(
        StagedPipeline<string, string> pipeline, IEnumerable<string> files, int width, CancellationToken cancellationToken)
    {
        // <snippet resume>
        await using ResumeJournal<string> journal =
            ResumeJournal.Open<string>("out/finished.journal", path => path, new ResumeJournalOptions { Job = $"thumbnails {width}" });
        RunReport report = await pipeline.RunAsync(files, new RunOptions { Journal = journal }, cancellationToken);
        Console.WriteLine($"{report.ItemsCompleted} done, {report.ItemsResumed} were finished before");
        // </snippet>
    }

    public static async Task Tune(
        StagedPipeline<string, string> pipeline, IEnumerable<string> addresses, CancellationToken cancellationToken)
    {
        // <snippet tune-workers>
        RunOptions options = new() { WorkerTuning = new WorkerTuningOptions { MaxWorkers = 64, Apply = true } };
        RunReport report = await pipeline.RunAsync(addresses, options, cancellationToken);
        foreach (WorkerDecision decision in report.WorkerDecisions)
            Console.WriteLine($"{decision.Stage ?? "the run"}: {decision.Workers} -> {decision.Recommended}. {decision.Reason}");
        // </snippet>
    }

    public static void Test(StagedPipeline<int, int> pipeline)
    {
        // <snippet unit-test>
        IReadOnlyList<int> results = pipeline.RunSynchronously([1, 2, 3]); // this thread, one order, no waiting
        // </snippet>
        Console.WriteLine(results.Count);
    }

    public static StagedPipeline<string, string> Branches()
    {
        // <snippet branches>
        StagedPipeline<string, string> pipeline = PipelineBuilder.Start<string>("scans")
            .Route("kind", routes => routes
                .When(path => path.EndsWith(".txt", StringComparison.Ordinal), text => text.Stage("open text", File.OpenRead))
                .Otherwise(rest => rest.Stage("unpack", Unpack)))
            .Stage("share", file => new Shared<FileStream>(file)) // two branches will read it; the last one closes it
            .BroadcastJoin(
                "examine",
                size => size.Stage("length", file =>
                {
                    using (file)
                        return file.Value.Length;
                }),
                digest => digest.Stage("digest", file =>
                {
                    using (file)
                        return Digest(file.Value);
                }, stage => stage.Workers = 4),
                (length, digest) => $"{digest} {length}")
            .Build();
        // </snippet>
        return pipeline;
    }

    private static FileStream Unpack(string path) => File.OpenRead(path);

    private static string Digest(FileStream file)
    {
        byte[] digest = new byte[32];
        byte[] content = new byte[file.Length];
        _ = RandomAccess.Read(file.SafeFileHandle, content, fileOffset: 0); // without the position that the branches would share
        System.Security.Cryptography.SHA256.HashData(content, digest);
        return Convert.ToHexString(digest);
    }

    private static ValueTask<string> Fetch(string address, CancellationToken cancellationToken) => new(address);

    private static ValueTask<string> Store(string page, CancellationToken cancellationToken) => new(page);
}
