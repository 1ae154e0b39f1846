using System.Diagnostics;
using Pipeline.Core;
using Pipeline.Profiling;

namespace Pipeline.ProfilerPlants;

/// <summary>What does measuring cost at bodies of 30 microseconds? Short runs without accounts, with them and with a timeline take turns.</summary>
/// <remarks>
/// Bodies compute a fixed amount, so that processor time, which does not see what other programs take, shows every instruction that is added. Within a round
/// each kind is compared with the mean of the two runs without accounts, and the differences of all rounds give a median with a bootstrap interval.
/// </remarks>
internal static class Overhead
{
    private const int Items = 1000;
    private const int Rounds = 600;
    private const double BodySeconds = 30e-6;
    private static readonly int s_steps = StepsFor(BodySeconds);

    public static async Task RunAsync()
    {
        Console.WriteLine($"\n## Cost of measuring at 30 us bodies\n\n{Rounds} rounds of one run each of {Items} items, in rotating "
            + $"order; the difference to the runs without accounts of the same round as a share of their time: median over rounds and "
            + $"95 % bootstrap interval.\n\n| workers | time | accounts against none | timeline against none | none against none "
            + $"|\n|---|---|---|---|---|");
        foreach (int workers in new[] { 1, 2 })
            await RunAsync(workers);
        ProfileReport profile = ProfileReports.OfRun(
            await PipelineBuilder.Start<int>("cost").Stage("compute", Compute, o => o.Workers = 1).Build().RunAsync(
                Enumerable.Range(0, 20_000), new RunOptions { Workers = 1 }));
        Console.WriteLine($"\nThe report's own figure: {profile.Checks.Single(c => c.Name == "profiler-cost").Text}");
    }

    private static async Task RunAsync(int workers)
    {
        StagedPipeline<int, int> pipeline =
            PipelineBuilder.Start<int>("overhead").Stage("compute", Compute, o => o.Workers = workers).Build();
        Func<RunOptions>[] kinds =
        [
            () => new RunOptions { Workers = workers, KeepAccounts = false },
            () => new RunOptions { Workers = workers },
            () => new RunOptions { Workers = workers, RecordTimeline = true },
            () => new RunOptions { Workers = workers, KeepAccounts = false },
        ];
        List<double[]> wall = [];
        List<double[]> processor = [];
        for (int round = -20; round < Rounds; round++)
        {
            double[] wallSeconds = new double[kinds.Length];
            double[] processorSeconds = new double[kinds.Length];
            for (int i = 0; i < kinds.Length; i++)
            {
                int step = (i + (round / 2) + 40) % kinds.Length;
                int kind = round % 2 == 0 ? step : kinds.Length - 1 - step;
                TimeSpan before = Environment.CpuUsage.TotalTime;
                wallSeconds[kind] = (await pipeline.RunAsync(Enumerable.Range(0, Items), kinds[kind]())).Elapsed.TotalSeconds;
                processorSeconds[kind] = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            }

            if (round < 0)
                continue;
            wall.Add(wallSeconds);
            processor.Add(processorSeconds);
        }

        Console.WriteLine($"| {workers} | processor | {Text(processor, 1)} | {Text(processor, 2)} | {Text(processor, 3)} |");
        Console.WriteLine($"| {workers} | wall | {Text(wall, 1)} | {Text(wall, 2)} | {Text(wall, 3)} |");
    }

    /// <summary>The two runs without accounts are compared with each other, all others with their mean.</summary>
    private static string Text(List<double[]> times, int kind)
    {
        double none = Median([.. times.Select(t => (t[0] + t[3]) / 2)]);
        double[] differences = [.. times.Select(t => (t[kind] - (kind == 3 ? t[0] : (t[0] + t[3]) / 2)) / none)];
        Random random = new(1);
        double[] resampled =
            [.. Enumerable.Range(0, 2000).Select(_ => Median([.. differences.Select(_ => differences[random.Next(differences.Length)])]))
                .Order()];
        return $"{Median(differences):+0.00 %;-0.00 %} [{resampled[50]:+0.00 %;-0.00 %}, {resampled[1949]:+0.00 %;-0.00 %}]";
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static int StepsFor(double seconds)
    {
        const int Trial = 10_000;
        double fastest = double.MaxValue;
        for (int i = 0; i < 200; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Compute(i, Trial);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (int)(Trial * seconds / fastest);
    }

    private static int Compute(int item) => Compute(item, s_steps);

    private static int Compute(int item, int steps)
    {
        int x = item;
        for (int i = 0; i < steps; i++)
            x = (x * 31) + 7;
        return x;
    }
}
