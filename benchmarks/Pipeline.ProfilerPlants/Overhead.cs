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
        Console.WriteLine($"\n## Cost of measuring at 30 us bodies\n\n{Rounds} rounds of one run each of {Items} items, in rotating order. Medians of the ratios within a round, with their 95 % bootstrap interval.\n\n| workers | accounts against none | timeline against none | none against none |\n|---|---|---|---|");
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
        List<double>[] ratios = [[], [], []];
        for (int round = -10; round < Rounds; round++)
        {
            double[] seconds = new double[kinds.Length];
            for (int i = 0; i < kinds.Length; i++)
            {
                int kind = (i + round + 12) % kinds.Length;
                seconds[kind] = (await pipeline.RunAsync(Enumerable.Range(0, Items), kinds[kind]())).Elapsed.TotalSeconds;
            }

            for (int i = 1; i < kinds.Length && round >= 0; i++)
                ratios[i - 1].Add(seconds[i] / seconds[0]);
        }

        Console.WriteLine($"| {workers} | {string.Join(" | ", ratios.Select(Text))} |");
    }

    private static string Text(List<double> ratios)
    {
        Random random = new(1);
        double[] medians = [.. Enumerable.Range(0, 2000).Select(_ => Median([.. Enumerable.Range(0, ratios.Count).Select(_ => ratios[random.Next(ratios.Count)])])).Order()];
        return $"{Median([.. ratios]) - 1:+0.00 %;-0.00 %} [{medians[50] - 1:+0.00 %;-0.00 %}, {medians[1949] - 1:+0.00 %;-0.00 %}]";
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private static int Spin(int item)
    {
        long end = Stopwatch.GetTimestamp() + (long)(BodySeconds * Stopwatch.Frequency);
        int x = item;
        while (Stopwatch.GetTimestamp() < end)
            x = (x * 31) + 7;
        return x;
    }
}
