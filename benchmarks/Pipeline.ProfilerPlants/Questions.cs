using System.Diagnostics;
using Pipeline.Core;
using Pipeline.Profiling;

namespace Pipeline.ProfilerPlants;

/// <summary>One question per method; each prints what was planted beside what the profiler said.</summary>
internal static class Questions
{
    /// <summary>Is the planted serial fraction found, from the curve of strict phases and from the accounts of an overlapped pipeline?</summary>
    public static async Task FractionAsync()
    {
        Console.WriteLine("\n## Planted serial fraction\n\n| planted | from | found | off |\n|---|---|---|---|");
        foreach ((int serial, int parallel) in new[] { (100, 1900), (400, 1600) })
        {
            const int Pieces = 96;
            Plant pieces = new Plant("pieces", Pieces).Stage("piece", null, parallel / Pieces);
            AmdahlProfiler profiler = new("phases", async (workers, cancellationToken) =>
            {
                long start = Stopwatch.GetTimestamp();
                await Task.Run(() => Thread.Sleep(serial), cancellationToken);
                TimeSpan serialPart = Stopwatch.GetElapsedTime(start);
                RunReport report = await pieces.RunAsync(workers);
                return report with { Elapsed = serialPart + report.Elapsed };
            });
            double planted = serial / (double)(serial + (parallel / Pieces * Pieces));
            ProfileReport profile = await profiler.ProfileAsync(new SweepOptions { Workers = [1, 2, 4, 8, 16, 32], Repeats = 3 });
            Row("curve, 1 to 32 workers", planted, profile.Curve!.Amdahl!.SerialFraction);
        }

        foreach ((int deal, int work, int collect) in new[] { (2, 60, 3), (8, 60, 8) })
        {
            double planted = (deal + collect) / (double)(deal + work + collect);
            foreach (int workers in new[] { 1, 8, 32 })
            {
                RunReport report =
                    await new Plant("line", 64).Stage("deal", 1, deal).Stage("work", null, work).Stage("collect", 1, collect).RunAsync(
                        workers);
                Row($"accounts of one run, {workers} workers", planted, RunAnalyzer.Analyze(report).SerialShare);
            }
        }

        static void Row(string from, double planted, double found) =>
            Console.WriteLine($"| {planted:0.0000} | {from} | {found:0.0000} | {found - planted:+0.0000;-0.0000} "
                + $"({(found / planted) - 1:+0.0 %;-0.0 %}) |");
    }

    /// <summary>How far is T(32), simulated from runs with one and two workers, from the run with 32?</summary>
    public static async Task PredictAsync()
    {
        Console.WriteLine("\n## T(32) from runs with 1 and 2 workers\n\n| pipeline | simulated s | measured s | error | Amdahl's law "
            + "from the accounts |\n|---|---|---|---|---|");
        Plant[] plants =
        [
            new Plant("serial ends 2/60/3 ms", 96).Stage("deal", 1, 2).Stage("work", null, 60).Stage("collect", 1, 3),
            new Plant("collector 1/60/8 ms", 96).Stage("deal", 1, 1).Stage("work", null, 60).Stage("collect", 1, 8),
            new Plant("two wide stages 40/80/2 ms", 96).Stage("decode", null, 40).Stage("encode", 12, 80).Stage("store", 1, 2),
            new Plant("uneven items", 96).Stage(new PlantStage("work", null, i => 20 + (i * 37 % 80)) { Order = StageOrder.Input }).Stage(
                "collect", 1, 2),
        ];
        foreach (Plant plant in plants)
        {
            List<SweepRun> runs = [];
            List<double> wide = [];
            foreach (int workers in new[] { 32, 1, 32, 2, 32, 2, 32, 1, 32 })
            {
                RunReport run = await plant.RunAsync(workers);
                if (workers == 32)
                    wide.Add(run.Elapsed.TotalSeconds);
                else
                    runs.Add(new SweepRun(workers, run));
            }

            ProfileReport profile = ProfileReports.OfSweep(plant.Name, runs);
            double simulated = profile.Simulation.Single(s => s.Workers == 32).Seconds;
            double measured = wide.Order().ElementAt(wide.Count / 2);
            double one = runs.Where(r => r.Workers == 1).Average(r => r.Report.Elapsed.TotalSeconds);
            double amdahl = one / AmdahlLaw.SpeedUp(profile.Run!.SerialShare, 32);
            Console.WriteLine($"| {plant.Name} | {simulated:0.000} | {measured:0.000} | {(simulated / measured) - 1:+0.0 %;-0.0 %} | "
                + $"{(amdahl / measured) - 1:+0.0 %;-0.0 %} |");
        }
    }

    private const int Plants = 40;

    /// <summary>Is the slowest stage of random pipelines named, where the next one is 10 % or more away?</summary>
    public static async Task BottleneckAsync()
    {
        int right = 0;
        List<string> wrong = [];
        for (int seed = 1; seed <= Plants; seed++)
        {
            Random random = new(seed);
            int count = random.Next(2, 5);
            int slowest = random.Next(count);
            Plant plant = new($"random {seed}", 80);
            for (int i = 0; i < count; i++)
            {
                int workers = random.Next(1, 7);
                double pace = i == slowest ? 10 : 3 + (6 * random.NextDouble());
                plant.Stage($"s{i}", workers, (int)Math.Round(pace * workers));
            }

            RunCause cause = RunAnalyzer.Analyze(await plant.RunAsync(64)).Cause;
            if (cause.Names.SequenceEqual([$"s{slowest}"]))
                right++;
            else
                wrong.Add($"{plant.Name}: planted s{slowest}, said {cause.Kind} {string.Join(" and ", cause.Names)}");
        }

        RunCause tie =
            RunAnalyzer.Analyze(await new Plant("tie", 60).Stage("deal", 1, 10).Stage("work", 8, 40).Stage("collect", 1,
                10).RunAsync(64)).Cause;
        Console.WriteLine($"\n## Bottleneck of random pipelines\n\nNamed right in {right} of {Plants}. {string.Join("; ", wrong)} A "
            + $"planted tie of deal and collect: {tie.Sentence}");
    }

    /// <summary>Is each planted cause named?</summary>
    public static async Task CausesAsync()
    {
        Console.WriteLine("\n## Causes\n\n| planted | named | sentence |\n|---|---|---|");
        SerialSection section = new("index", "work");
        (CauseKind Planted, Plant Plant)[] plants =
        [
            (CauseKind.Distribution, new Plant("distributor", 80).Stage("deal", 1, 10).Stage("work", 8, 40).Stage("collect", 1, 2)),
            (CauseKind.Collection, new Plant("collector", 80).Stage("deal", 1, 2).Stage("work", 8, 40).Stage("collect", 1, 10)),
            (CauseKind.OrderGate,
                new Plant("ordered gate", 120).Stage(new PlantStage(
                    "work", 8, i => i % 10 == 0 ? 100 : 10) { Order = StageOrder.Input }).Stage("collect", 1, 0, capacity: 1)),
            (CauseKind.SerialSection, new Plant("lock held", 80).Stage(
                new PlantStage("work", 8, _ => 10) { Section = section, SectionMilliseconds = 6 })),
            (CauseKind.SkewedItems, new Plant("skewed items", 64).Stage(new PlantStage("work", 8, i => i == 60 ? 400 : 10))),
            (CauseKind.TooFewItems, new Plant("too few items", 10).Stage("a", 16, 40).Stage("b", 16, 30)),
            (CauseKind.Source, new Plant("slow source", 80) { SourceMilliseconds = 10 }.Stage("work", 8, 40)),
            (CauseKind.Sink, new Plant("slow sink", 80) { SinkMilliseconds = 10 }.Stage("work", 8, 40)),
            (CauseKind.SlowWorker,
                new Plant("one slow worker", 120).Stage(new PlantStage(
                    "work", 4, _ => 10) { FirstWorkerSlowness = 8, Order = StageOrder.Input }).Stage("collect", 1, 0, capacity: 1)),
            (CauseKind.ParallelStage, new Plant("parallel stage", 80).Stage("deal", 1, 2).Stage("work", 4, 60).Stage("collect", 1, 2)),
            (CauseKind.Processors, new Plant("processors", 40).Stage("a", null, 20).Stage("b", null, 18)),
        ];
        int right = 0;
        foreach ((CauseKind planted, Plant plant) in plants)
        {
            RunReport report = await plant.RunAsync(planted == CauseKind.Processors ? 4 : 64);
            RunCause cause = RunAnalyzer.Analyze(report, new RunAnalysisOptions { Sections = plant.Sections() }).Cause;
            right += cause.Kind == planted ? 1 : 0;
            Console.WriteLine($"| {plant.Name} | {(cause.Kind == planted ? "right" : $"WRONG: {cause.Kind}")} | {cause.Sentence} |");
        }

        Console.WriteLine($"\n{right} of {plants.Length} named right.");
    }

    /// <summary>Is what a change would give what it gives?</summary>
    public static async Task WhatIfAsync()
    {
        Console.WriteLine("\n## What-ifs, predicted and then made\n\n| pipeline | change | predicted | observed | points off "
            + "|\n|---|---|---|---|---|");
        Func<Plant> a = () => new Plant("A 2/60x4/6", 96).Stage("deal", 1, 2).Stage("work", 4, 60).Stage("collect", 1, 6);
        Func<Plant> b = () => new Plant("B 3/20x2/8", 96).Stage("deal", 1, 3).Stage("work", 2, 20).Stage("collect", 1, 8);
        Func<Plant> c = () => new Plant("C uneven", 120).Stage(new PlantStage("one", 1, i => i % 2 == 0 ? 4 : 14) { Capacity = 1 }).Stage(
            new PlantStage("two", 1, i => i / 8 % 2 == 0 ? 4 : 14) { Capacity = 1 });
        (Func<Plant> Make, WhatIf Change, Action<Plant> Really)[] changes =
        [
            (a, new WhatIf(WhatIfKind.FasterStage, "work", 2), p => Replace(p, "work", s => s.With(newMilliseconds: _ => 30))),
            (a, new WhatIf(WhatIfKind.FreeStage, "work", 1), p => Replace(p, "work", s => s.With(newMilliseconds: _ => 0))),
            (a, new WhatIf(WhatIfKind.MoreWorkers, "work", 1), p => Replace(p, "work", s => s.With(newWorkers: 5))),
            (a, new WhatIf(WhatIfKind.MoreWorkers, "work", 8), p => Replace(p, "work", s => s.With(newWorkers: 12))),
            (a, new WhatIf(WhatIfKind.FasterStage, "collect", 2), p => Replace(p, "collect", s => s.With(newMilliseconds: _ => 3))),
            (b, new WhatIf(WhatIfKind.MoreWorkers, "work", 1), p => Replace(p, "work", s => s.With(newWorkers: 3))),
            (b, new WhatIf(WhatIfKind.FasterStage, "work", 4), p => Replace(p, "work", s => s.With(newMilliseconds: _ => 5))),
            (b, new WhatIf(WhatIfKind.FreeStage, "deal", 1), p => Replace(p, "deal", s => s.With(newMilliseconds: _ => 0))),
            (c, new WhatIf(WhatIfKind.LongerQueue, "two", 16), p => Replace(p, "two", s => s.With(newCapacity: 16))),
            (c, new WhatIf(WhatIfKind.MoreWorkers, "two", 1), p => Replace(p, "two", s => s.With(newWorkers: 2))),
        ];
        double worst = 0;
        foreach ((Func<Plant> make, WhatIf change, Action<Plant> really) in changes)
        {
            RunReport before = await make().MedianAsync(64);
            WhatIfResult predicted = WhatIfAnalyzer.Try(RunModel.Of(before), change);
            Plant changed = make();
            really(changed);
            RunReport after = await changed.MedianAsync(64);
            double off = predicted.ErrorAgainst(before.Elapsed.TotalSeconds, after.Elapsed.TotalSeconds);
            worst = Math.Max(worst, Math.Abs(off));
            Console.WriteLine($"| {changed.Name} | {change.Text} | {predicted.Gain:+0.0 %;-0.0 %} | "
                + $"{(before.Elapsed / after.Elapsed) - 1:+0.0 %;-0.0 %} | {100 * off:+0.0;-0.0} |");
        }

        Console.WriteLine($"\nThe largest error is {100 * worst:0.0} points.");

        static void Replace(Plant plant, string name, Func<PlantStage, PlantStage> change)
        {
            int at = plant.Stages.ToList().FindIndex(s => s.Name == name);
            plant.Stages[at] = change(plant.Stages[at]);
        }
    }
}
