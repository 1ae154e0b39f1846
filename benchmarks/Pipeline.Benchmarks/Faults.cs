using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks.Dataflow;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>How fast and how completely does everything stop? Stage 4 of 5 throws at item 1,000 of an endless source; bodies spin 50 µs.</summary>
internal static class Faults
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static int s_started;
    private static long s_lastEnd;
    private static long s_thrown;

    public static async Task RunAsync(int rounds)
    {
        using ActorSystem system = ActorSystem.Create("faults", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");
        using ActorMaterializer materializer = system.Materializer();
        Console.WriteLine(
            "| variant | ms to the caller's exception (median) | ms until the last body ended | bodies begun after the caller knew | "
                + "the source's task ended within 2 s | exception |");
        Console.WriteLine("|---|--:|--:|--:|---|---|");
        await MeasureAsync(rounds, "Pipeline", OursAsync);
        await MeasureAsync(rounds, "TPL Dataflow, bounded", DataflowAsync);
        await MeasureAsync(rounds, "Akka.Streams, SelectAsync(2)", () => AkkaAsync(materializer));
        Console.WriteLine();
    }

    private static async Task MeasureAsync(int rounds, string name, Func<(Task Caller, Task Source)> start)
    {
        List<double> caller = [], quiet = [];
        int later = 0;
        bool ends = true;
        string kind = "";
        for (int round = 0; round < rounds; round++)
        {
            s_started = 0;
            (Task callerTask, Task source) = start();
            try
            {
                await callerTask;
            }
            catch (Exception error)
            {
                caller.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref s_thrown)).TotalMilliseconds);
                kind = Describe(error);
            }

            int known = Volatile.Read(ref s_started);
            ends &= await Task.WhenAny(source, Task.Delay(s_look)) == source;
            if (ends)
                await Task.Delay(50);
            later = Math.Max(later, Volatile.Read(ref s_started) - known);
            quiet.Add(Stopwatch.GetElapsedTime(s_thrown, Volatile.Read(ref s_lastEnd)).TotalMilliseconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {Median(caller):F2} | {Math.Max(0, Median(quiet)):F2} | {later} | {(ends ? "yes" : "no")} | {kind} |"));
    }

    private static string Describe(Exception error)
    {
        int depth = 0;
        for (Exception? e = error; e is not null; e = e.InnerException)
            depth++;
        return $"{error.GetType().Name}, depth {depth}";
    }

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    private static int Body(int x, int stage)
    {
        Interlocked.Increment(ref s_started);
        if (stage == 4 && x == 1000)
        {
            Volatile.Write(ref s_thrown, Stopwatch.GetTimestamp());
            throw new InvalidOperationException("planted");
        }

        Bodies.Spin(x, 50);
        Volatile.Write(ref s_lastEnd, Stopwatch.GetTimestamp());
        return x;
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++)
            yield return i;
    }

    private static (Task, Task) OursAsync()
    {
        PipelineBuilder<int, int> builder = PipelineBuilder.Start<int>("faults");
        for (int i = 1; i <= 5; i++)
        {
            int stage = i;
            builder = builder.Stage($"stage {i}", x => Body(x, stage), static o => (o.Workers, o.Capacity) = (2, 8));
        }

        Task run = builder.Build().RunAsync(Endless());
        return (run, run); // the run's end includes its source
    }

    private static (Task, Task) DataflowAsync()
    {
        ExecutionDataflowBlockOptions options = new() { BoundedCapacity = 8, MaxDegreeOfParallelism = 2 };
        DataflowLinkOptions link = new() { PropagateCompletion = true };
        TransformBlock<int, int>[] blocks =
            [.. Enumerable.Range(1, 5).Select(stage => new TransformBlock<int, int>(x => Body(x, stage), options))];
        for (int i = 1; i < 5; i++)
            blocks[i - 1].LinkTo(blocks[i], link);
        ActionBlock<int> end = new(static _ => { }, options);
        blocks[^1].LinkTo(end, link);
        Task source = Task.Run(async () =>
        {
            foreach (int i in Endless())
            {
                if (!await blocks[0].SendAsync(i))
                    return;
            }
        });
        return (end.Completion, source);
    }

    private static (Task, Task) AkkaAsync(ActorMaterializer materializer)
    {
        Source<int, Akka.NotUsed> source = Source.From(Endless());
        for (int i = 1; i <= 5; i++)
        {
            int stage = i;
            source = source.SelectAsync(2, x => Task.Run(() => Body(x, stage)));
        }

        Task run = source.RunForeach(static _ => { }, materializer);
        return (run, run);
    }
}
