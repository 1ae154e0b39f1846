using System.Diagnostics;
using Pipeline.Core;
using Pipeline.Core.Profiling;

namespace Pipeline.ProfilerPlants;

/// <summary>What does measuring cost at bodies of 30 microseconds? Short runs without accounts, with them and with a timeline take turns.</summary>
internal static class Overhead
{
    private const int Items = 1000;
    private const int Rounds = 300;
    private const double BodySeconds = 30e-6;

    public static async Task RunAsync()
    {
        Console.WriteLine($"\n## Cost of measuring at 30 us bodies\n\n{Rounds} rounds of one run each of {Items} items, in rotating order. The lower quartile of the time of each kind against that without accounts, which noise only adds to, and its 95 % bootstrap interval over rounds; in brackets the median of the ratios within a round.\n\n| workers | accounts against none | timeline against none | none against none |\n|---|---|---|---|");
        foreach (int workers in new[] { 1, 2 })
            await RunAsync(workers);
        ProfileReport profile = ProfileReports.OfRun(await PipelineBuilder.Start<int>("cost").Stage("spin", Spin, o => o.Workers = 1).Build().RunAsync(Enumerable.Range(0, 20_000), new RunOptions { Workers = 1 }));
        Console.WriteLine($"\nThe report's own figure: {profile.Checks.Single(c => c.Name == "profiler-cost").Text}");
    }

    private static async Task RunAsync(int workers)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("overhead").Stage("spin", Spin, o => o.Workers = workers).Build();
        Func<RunOptions>[] kinds =
        [
            () => new RunOptions { Workers = workers, KeepAccounts = false },
            () => new RunOptions { Workers = workers },
            () => new RunOptions { Workers = workers, RecordTimeline = true },
            () => new RunOptions { Workers = workers, KeepAccounts = false },
        ];
        List<double[]> times = [];
        for (int round = -10; round < Rounds; round++)
        {
            double[] seconds = new double[kinds.Length];
            for (int i = 0; i < kinds.Length; i++)
            {
                int kind = (i + round + 12) % kinds.Length;
                seconds[kind] = (await pipeline.RunAsync(Enumerable.Range(0, Items), kinds[kind]())).Elapsed.TotalSeconds;
            }

            if (round >= 0)
                times.Add(seconds);
        }

        Console.WriteLine($"| {workers} | {string.Join(" | ", Enumerable.Range(1, kinds.Length - 1).Select(kind => Text(times, kind)))} |");
    }

    private static string Text(List<double[]> times, int kind)
    {
        Random random = new(1);
        double[] resampled = [.. Enumerable.Range(0, 2000).Select(_ => Ratio([.. times.Select(_ => times[random.Next(times.Count)])], kind)).Order()];
        return $"{Ratio([.. times], kind) - 1:+0.00 %;-0.00 %} [{resampled[50] - 1:+0.00 %;-0.00 %}, {resampled[1949] - 1:+0.00 %;-0.00 %}] ({Quantile(times.Select(t => t[kind] / t[0]), 0.5) - 1:+0.00 %;-0.00 %})";
    }

    private static double Ratio(double[][] times, int kind) => Quantile(times.Select(t => t[kind]), 0.25) / Quantile(times.Select(t => t[0]), 0.25);

    private static double Quantile(IEnumerable<double> values, double probability) => values.Order().ElementAt((int)(probability * values.Count()));

    private static int Spin(int item)
    {
        long end = Stopwatch.GetTimestamp() + (long)(BodySeconds * Stopwatch.Frequency);
        int x = item;
        while (Stopwatch.GetTimestamp() < end)
            x = (x * 31) + 7;
        return x;
    }
}
