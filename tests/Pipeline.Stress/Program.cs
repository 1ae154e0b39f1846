using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Pipeline.Core;

// The loss hunt: items go through four stages, and in two runs of three through a route or a join between them, while runs are drained, aborted
// and fed through channels at random moments, batches run
// into their time-outs, and other threads keep the processors busy. Every item has a number; at the end none may be missing or double.
double minutes = 0.5;
long wanted = long.MaxValue;
for (int i = 0; i < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--minutes" when i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out minutes): break;
        case "--items" when i + 1 < args.Length
            && long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out wanted):
            minutes = double.PositiveInfinity; break;
        default: Console.Error.WriteLine("Usage: Pipeline.Stress [--minutes N | --items N]"); return 2;
    }
}

int seed = Environment.TickCount;
Random random = new(seed);
using CancellationTokenSource hogsEnd = new();
Thread[] hogs = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
{
    while (!hogsEnd.IsCancellationRequested)
        Thread.SpinWait(2000);
}) { IsBackground = true, Priority = ThreadPriority.BelowNormal })];
foreach (Thread hog in hogs)
    hog.Start();

long items = 0, runs = 0, lost = 0, doubled = 0, hung = 0;
Stopwatch clock = Stopwatch.StartNew();
while (clock.Elapsed.TotalMinutes < minutes && items < wanted && hung == 0)
{
    Hunt hunt = new(random.Next());
    (long taken, long missing, long twice, bool isHung) = await hunt.RunAsync();
    items += taken;
    lost += missing;
    doubled += twice;
    hung += isHung ? 1 : 0;
    runs++;
}

await hogsEnd.CancelAsync();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{items:N0} items in {runs:N0} runs, {clock.Elapsed.TotalSeconds:F0} s, seed {seed}: {lost} lost, {doubled} doubled, {hung} hung"));
return lost + doubled + hung == 0 ? 0 : 1;

/// <summary>One run of random shape. What was taken from the source must have come out once, or be counted as unfinished.</summary>
internal sealed class Hunt(int seed)
{
    private static readonly TimeSpan s_hangLimit = TimeSpan.FromMinutes(2); // a run takes seconds

    private readonly Random _random = new(seed);

    internal async Task<(long Taken, long Lost, long Doubled, bool IsHung)> RunAsync()
    {
        int count = _random.Next(1_000, 300_000);
        bool[] seen = new bool[count];
        long delivered = 0, doubled = 0;
        int stopAt = _random.Next(4) == 0 ? _random.Next(count) : -1;
        bool drains = _random.Next(2) == 0;
        PipelineRun<Batch<int>>? run = null;
        TaskCompletionSource started = new();
        StagedPipeline<int, Batch<int>> pipeline = AddShape(PipelineBuilder.Start<int>("hunt")
            .Stage("one", static x => x, Options())
            .Stage("two", static async (x, ct) =>
            {
                if (x % 1009 == 0)
                    await Task.Yield();
                return x;
            }, Options()))
            .Stage("three", static x => x, Options())
            .Batch("four", new BatchOptions
            {
                MaxItems = _random.Next(1, 200),
                MaxWait = TimeSpan
                .FromMilliseconds(_random.Next(1, 5)),
                Capacity = _random
                .Next(1, 128)
            })
            .Build();
        async ValueTask Sink(Batch<int> batch, CancellationToken ct)
        {
            await started.Task;
            foreach (int x in batch)
            {
                doubled += seen[x] ? 1 : 0;
                seen[x] = true;
                if (++delivered == stopAt)
                {
                    if (drains)
                        run!.Drain();
                    else
                        run!.Abort();
                }
            }
        }

        RunOptions options = new() { Workers = _random.Next(1, 5), MaxItemsInFlight = _random.Next(3) == 0 ? _random.Next(1, 500) : null };
        Task feeding = Task.CompletedTask;
        if (_random.Next(2) == 0)
        {
            Channel<int> channel = Channel.CreateBounded<int>(_random.Next(1, 64));
            run = pipeline.Start(channel.Reader, Sink, options);
            feeding = Feed(channel.Writer, count, run.Completion);
        }
        else
        {
            run = pipeline.Start(Enumerable.Range(0, count), Sink, options);
        }

        started.SetResult();
        try
        {
            await run.Completion.WaitAsync(s_hangLimit);
        }
        catch (TimeoutException)
        {
            Console.Error.WriteLine($"hung: seed {seed}, {run.Snapshot()}");
            return (0, 0, 0, true);
        }
        catch (OperationCanceledException)
        {
            // It was aborted; the report says what became of its items.
        }

        await feeding;
        RunReport report = run.Report!;
        long lost = report.ItemsIn - report.ItemsCompleted - report.ItemsUnfinished;
        lost += report.ItemsCompleted - seen.LongCount(x => x);
        if (stopAt < 0)
            lost += count - report.ItemsCompleted;
        if (lost != 0 || doubled != 0)
            Console.Error.WriteLine($"seed {seed}: {report}");
        return (report.ItemsIn, Math.Abs(lost), doubled, false);
    }

    private static async Task Feed(ChannelWriter<int> writer, int count, Task end)
    {
        for (int i = 0; i < count; i++)
        {
            while (!writer.TryWrite(i))
            {
                Task<bool> room = writer.WaitToWriteAsync().AsTask();
                if (await Task.WhenAny(room, end) == end)
                    return;
            }
        }

        writer.Complete();
    }

    /// <summary>Adds a shape with branches, or none.</summary>
    private PipelineBuilder<int, int> AddShape(PipelineBuilder<int, int> builder) => _random.Next(3) switch
    {
        0 => builder.Route(
            "routes",
            routes => routes.When(static x => x % 3 == 0, b => b.Stage("third", static x => x, Options()))
                .Otherwise(b => b.Stage("rest", static x => x, Options())),
            Options()),
        1 => builder.BroadcastJoin(
            "both",
            b => b.Stage("a", static x => x, Options()),
            b => b.Stage("b", static x => -x, Options()),
            static (a, b) => a + b == 0 ? a : throw new InvalidOperationException($"{a} was joined with {-b}."),
            Options()),
        _ => builder,
    };

    private Action<StageOptions> Options()
    {
        int workers = _random.Next(1, 5), capacity = _random.Next(1, 200);
        StageOrder order = _random.Next(2) == 0 ? StageOrder.Input : StageOrder.Completion;
        return o => (o.Workers, o.Capacity, o.Order) = (workers, capacity, order);
    }
}
