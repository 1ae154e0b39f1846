using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Sync.Stress;

/// <summary>The shared counter over several processes: exact without kills, and never below what was acknowledged with kills.</summary>
internal static class CounterTruth
{
    public static async Task<int> RunAsync(Settings settings)
    {
        int processes = settings.Number("processes", 4);
        int increments = settings.Number("increments", 3_000_000);
        int kills = settings.Number("kills", 20);
        string root = Worker.Scratch("counters");
        string path = Path.Combine(root, "photos.count");
        Stopwatch clock = Stopwatch.StartNew();
        Process[] workers = [.. Enumerable.Range(0, processes)
            .Select(_ => Worker.Start("counters-worker", "--path", path, "--increments", $"{increments}"))];
        foreach (Process worker in workers)
            await worker.WaitForExitAsync();
        long total = SharedCounterSet.Read(path).Totals[0].ApproximateTotal;
        long expected = (long)processes * increments;
        Console.WriteLine(
            $"counters: {processes} processes x {increments} increments in {clock.Elapsed.TotalSeconds:0.0} s: total {total}, "
            + $"expected {expected}, error {total - expected}");
        bool held = total == expected;

        // A killed worker has acknowledged (printed) less than it stored; what it stored must stay when its stripe is taken over.
        long before = total;
        for (int i = 0; i < kills; i++)
        {
            using Process worker = Worker.Start("counters-worker", "--path", path, "--increments", "2000000000", "--announce", "yes");
            string? last = await worker.StandardOutput.ReadLineAsync();
            last = await worker.StandardOutput.ReadLineAsync() ?? last;
            worker.Kill();
            string rest = await worker.StandardOutput.ReadToEndAsync();
            await worker.WaitForExitAsync();
            string[] lines = rest.Split('\n'); // the last piece is empty or was cut off by the kill
            long acknowledged = long.Parse(lines.Length > 1 ? lines[^2] : last!, CultureInfo.InvariantCulture);
            using SharedCounter adopter = SharedCounter.Open(path, "photos");
            long after = adopter.ApproximateTotal;
            held &= after >= before + acknowledged && adopter.OwnPart > 0;
            before = after;
        }

        int places = SharedCounterSet.Read(path).Parts.Count;
        held &= places <= processes;
        Console.WriteLine(
            $"  {kills} kills: every acknowledged increment kept, {places} places used by {processes + (2 * kills)} processes");
        Console.WriteLine(held ? "  held" : "  FAILED");
        Directory.Delete(root, recursive: true);
        return held ? 0 : 1;
    }

    public static int Work(Settings settings)
    {
        using SharedCounter counter = SharedCounter.Open(settings.Required("path"), "photos");
        int increments = settings.Number("increments", 3_000_000);
        bool announce = settings.Has("announce");
        for (int i = 1; i <= increments; i++)
        {
            counter.Increment();
            if (announce && i % 50_000 == 0)
                Console.WriteLine(i);
        }

        return 0;
    }
}
