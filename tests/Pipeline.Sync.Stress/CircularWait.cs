using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Sync.Stress;

/// <summary>Two processes take two licenses in opposite orders without a set: the wait-for graph names the circle, and one of them is told within a second
/// instead of hanging.</summary>
internal static partial class CircularWait
{
    public static async Task<int> RunAsync(Settings settings)
    {
        _ = settings;
        string root = Worker.Scratch("deadlock");
        Process[] workers =
        [
            Worker.Start("deadlock-worker", "--root",
                root, "--first", "filter-license", "--second", "watermark-license", "--owner", "job 41"),
            Worker.Start("deadlock-worker", "--root",
                root, "--first", "watermark-license", "--second", "filter-license", "--owner", "job 57"),
        ];
        string[] outputs = await Task.WhenAll(workers.Select(worker => worker.StandardOutput.ReadToEndAsync()));
        foreach (Process worker in workers)
            await worker.WaitForExitAsync();
        string told = outputs.FirstOrDefault(output => output.Contains("Circular wait", StringComparison.Ordinal)) ?? "";
        bool held = outputs.Count(output => output.Contains("Circular wait of 2", StringComparison.Ordinal)) == 1
            && outputs.Count(output => output.Contains("went on", StringComparison.Ordinal)) == 1
            && told.Contains("job 41", StringComparison.Ordinal) && told.Contains("job 57", StringComparison.Ordinal)
            && ToldAfter().Match(told) is { Success: true } after && int.Parse(after.Groups[1].Value, CultureInfo.InvariantCulture) <= 1000;
        Console.WriteLine("deadlock: two processes, two licenses, opposite orders without a set");
        Console.WriteLine(string.Join(Environment.NewLine,
            outputs.SelectMany(output => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => "  " + line)));
        Console.WriteLine(held ? "  held" : "  FAILED");
        Directory.Delete(root, recursive: true);
        return held ? 0 : 1;
    }

    public static async Task<int> WorkAsync(Settings settings)
    {
        string root = settings.Required("root");
        using CrossProcessSemaphore first = CrossProcessSemaphore.Open(root, settings.Required("first"), 1);
        using CrossProcessSemaphore second = CrossProcessSemaphore.Open(root, settings.Required("second"), 1);
        using LockOwner owner = LockOwner.Begin(settings.Required("owner"));
        await using PermitLease held = await first.AcquireAsync();
        while (second.Describe().Held == 0)
            await Task.Delay(1); // both hold one before either wants the other
        long asked = Stopwatch.GetTimestamp();
        try
        {
            await using PermitLease wanted = await second.AcquireAsync();
            Console.WriteLine($"{owner.Label} went on after {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0} ms");
        }
        catch (DeadlockException error)
        {
            Console.WriteLine($"{owner.Label} was told after {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0} ms:");
            Console.WriteLine(error.Message);
        }

        return 0;
    }

    [GeneratedRegex(@"was told after (\d+) ms")]
    private static partial Regex ToldAfter();
}
