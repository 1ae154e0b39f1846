using System.Globalization;
using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>What does a hop cost? Five stages of x + 1, one worker each, capacity 128.</summary>
internal static class Hops
{
    private const int Stages = 5;
    private const int Items = 1_000_000;
    private const int Capacity = 128;

    public static async Task RunAsync(int rounds)
    {
        using ActorSystem system = ActorSystem.Create("hops", "akka.loglevel = WARNING");
        using ActorMaterializer materializer = system.Materializer();
        StagedPipeline<int, int> pipeline = Ours();
        Dictionary<string, Sample> medians = await Measure.InterleavedAsync(
            rounds,
            (double)Items * Stages,
            "hop",
            ("Pipeline", () => OursAsync(pipeline)),
            ("channels, drain", ChannelsDrainAsync),
            ("channels, WriteAsync/ReadAllAsync", ChannelsAsync),
            ("TPL Dataflow", DataflowAsync),
            ("Akka.Streams fused", () => AkkaAsync(materializer, asynchronous: false)),
            ("Akka.Streams async", () => AkkaAsync(materializer, asynchronous: true)));
        // What a run allocates once does not count as allocated per item: the difference of two runs of different length does.
        double once = await AllocatedAsync(pipeline, Items), more = await AllocatedAsync(pipeline, 4 * Items);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Allocated by a run of {Items:N0} items: {once:N0} B, of {4 * Items:N0}: {more:N0} B, so "
                    + $"{(more - once) / (3.0 * Items * Stages):F4} B per item and hop"));
        double ours = medians["Pipeline"].Cpu;
        Console.WriteLine(
            $"CPU per hop: {ours / medians["channels, drain"].Cpu:F2} x channels drained, {ours / medians["TPL Dataflow"].Cpu:F2} x TPL "
                + "Dataflow (medians)");
    }

    public static StagedPipeline<int, int> Ours()
    {
        PipelineBuilder<int, int> builder = PipelineBuilder.Start<int>("hops");
        for (int i = 0; i < Stages; i++)
            builder = builder.Stage($"stage {i}", static x => x + 1, static o => (o.Workers, o.Capacity) = (1, Capacity));
        return builder.Build();
    }

    private static async Task<double> AllocatedAsync(StagedPipeline<int, int> pipeline, int items)
    {
        List<double> samples = [];
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await pipeline.RunAsync(Enumerable.Range(0, items), static (_, _) => default);
            samples.Add(GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        samples.Sort();
        return samples[2];
    }

    private static async Task OursAsync(StagedPipeline<int, int> pipeline)
    {
        long sum = 0;
        await pipeline.RunAsync(Enumerable.Range(0, Items), (x, _) =>
        {
            sum += x;
            return default;
        });
        Check(sum);
    }

    private static async Task ChannelsDrainAsync()
    {
        Channel<int>[] channels = [.. Enumerable.Range(0, Stages + 1)
            .Select(_ => Channel.CreateBounded<int>(new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true }))];
        List<Task> tasks = [Task.Run(async () =>
        {
            for (int i = 0; i < Items; i++)
            {
                while (!channels[0].Writer.TryWrite(i))
                    await channels[0].Writer.WaitToWriteAsync();
            }

            channels[0].Writer.Complete();
        })];
        for (int s = 0; s < Stages; s++)
        {
            ChannelReader<int> reader = channels[s].Reader;
            ChannelWriter<int> writer = channels[s + 1].Writer;
            tasks.Add(Task.Run(async () =>
            {
                while (await reader.WaitToReadAsync())
                {
                    while (reader.TryRead(out int x))
                    {
                        while (!writer.TryWrite(x + 1))
                            await writer.WaitToWriteAsync();
                    }
                }

                writer.Complete();
            }));
        }

        long sum = 0;
        while (await channels[Stages].Reader.WaitToReadAsync())
        {
            while (channels[Stages].Reader.TryRead(out int x))
                sum += x;
        }

        await Task.WhenAll(tasks);
        Check(sum);
    }

    private static async Task ChannelsAsync()
    {
        Channel<int>[] channels = [.. Enumerable.Range(0, Stages + 1)
            .Select(_ => Channel.CreateBounded<int>(new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true }))];
        List<Task> tasks = [Task.Run(async () =>
        {
            for (int i = 0; i < Items; i++)
                await channels[0].Writer.WriteAsync(i);
            channels[0].Writer.Complete();
        })];
        for (int s = 0; s < Stages; s++)
        {
            ChannelReader<int> reader = channels[s].Reader;
            ChannelWriter<int> writer = channels[s + 1].Writer;
            tasks.Add(Task.Run(async () =>
            {
                await foreach (int x in reader.ReadAllAsync())
                    await writer.WriteAsync(x + 1);
                writer.Complete();
            }));
        }

        long sum = 0;
        await foreach (int x in channels[Stages].Reader.ReadAllAsync())
            sum += x;
        await Task.WhenAll(tasks);
        Check(sum);
    }

    private static async Task DataflowAsync()
    {
        ExecutionDataflowBlockOptions options = new() { BoundedCapacity = Capacity };
        DataflowLinkOptions link = new() { PropagateCompletion = true };
        TransformBlock<int, int>[] blocks =
            [.. Enumerable.Range(0, Stages).Select(_ => new TransformBlock<int, int>(static x => x + 1, options))];
        for (int i = 1; i < Stages; i++)
            blocks[i - 1].LinkTo(blocks[i], link);
        long sum = 0;
        ActionBlock<int> end = new(x => sum += x, options);
        blocks[^1].LinkTo(end, link);
        for (int i = 0; i < Items; i++)
        {
            if (!blocks[0].Post(i))
                await blocks[0].SendAsync(i);
        }

        blocks[0].Complete();
        await end.Completion;
        Check(sum);
    }

    private static async Task AkkaAsync(ActorMaterializer materializer, bool asynchronous)
    {
        long sum = 0;
        Source<int, Akka.NotUsed> source = Source.From(Enumerable.Range(0, Items));
        for (int i = 0; i < Stages; i++)
        {
            source = source.Select(static x => x + 1);
            if (asynchronous)
                source = source.Async();
        }

        await source.RunForeach(x => sum += x, materializer);
        Check(sum);
    }

    private static void Check(long sum)
    {
        if (sum != ((long)Items * (Items - 1) / 2) + ((long)Items * Stages))
            throw new InvalidOperationException($"The sum is {sum}: items were lost or done twice.");
    }
}
