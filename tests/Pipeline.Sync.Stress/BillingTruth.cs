using System.Diagnostics;
using System.Globalization;
using Pipeline.Sync.Sqlite;

namespace Pipeline.Sync.Stress;

/// <summary>Billing through kills: every unit that was published is charged exactly once. A mapped counter and a counter in memory run beside it, and their
/// errors are printed.</summary>
/// <remarks>
/// Worker w does the units w, w + n, w + 2n, ...: publish (temporary file, rename), then charge. A new worker goes on where the outputs end, but repeats the
/// last few units and one unit in ten of the others: retries. The counter in memory is what the last living process of each place says it has done.
/// </remarks>
internal static class BillingTruth
{
    private const string Tenant = "acme";

    public static async Task<int> RunAsync(Settings settings)
    {
        int wantedKills = settings.Number("kills", 200);
        int units = settings.Number("units", 20_000);
        int processes = settings.Number("processes", 4);
        string root = Worker.Scratch("billing");
        Directory.CreateDirectory(Path.Combine(root, "out"));
        Stopwatch clock = Stopwatch.StartNew();
        int kills = 0;
        Process[] workers = [.. Enumerable.Range(0, processes).Select(Start)];
        Task<string>[] outputs = [.. workers.Select(worker => worker.StandardOutput.ReadToEndAsync())];
        bool[] finished = new bool[processes];
        long[] inMemory = new long[processes];
        Random random = new(2);
        while (!finished.All(done => done))
        {
            // The time between kills is the experiment itself: random, so that they meet every moment of a charge.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 160)));
            int victim = random.Next(processes);
            if (finished[victim])
                continue;
            if (kills < wantedKills)
            {
                bool ended = workers[victim].HasExited;
                workers[victim].Kill();
                kills += ended ? 0 : 1;
            }

            if (kills >= wantedKills || workers[victim].HasExited)
                await Task.WhenAny(workers[victim].WaitForExitAsync(), Task.Delay(kills >= wantedKills ? 60_000 : 10));
            await workers[victim].WaitForExitAsync();
            string[] lines = (await outputs[victim]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length != 0 && long.TryParse(lines[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long said))
                inMemory[victim] = said;
            bool whole = workers[victim].ExitCode == 0;
            workers[victim].Dispose();
            if (whole && kills >= wantedKills)
            {
                finished[victim] = true;
                continue;
            }

            workers[victim] = Start(victim);
            outputs[victim] = workers[victim].StandardOutput.ReadToEndAsync();
        }

        await using BillingLedger ledger = SqliteBillingLedger.Open(Path.Combine(root, "ledger"));
        int[] published = [.. Directory.EnumerateFiles(Path.Combine(root, "out"), "*.done")
            .Select(path => int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture))];
        Reconciliation outcome = await ledger.ReconcileAsync(published.Select(KeyOf));
        LedgerTotal total = await ledger.TotalAsync();
        LedgerVerification verification = await ledger.VerifyAsync();
        long mapped = SharedCounterSet.Read(Path.Combine(root, "live.count")).Totals[0].ApproximateTotal;
        long records = Directory.EnumerateFiles(Path.Combine(root, "ledger", "journals"), "*.jnl")
            .Sum(path => (new FileInfo(path).Length / 64) - 1);
        long rewritten = records - total.Entries; // a repetition that the process remembers is answered without a record
        long repeated = mapped - published.Length; // the mapped counter counts attempts
        Console.WriteLine(
            $"billing: {processes} processes, {kills} kills, {clock.Elapsed.TotalSeconds:0.0} s, {published.Length} units published, "
            + $"{repeated} charges repeated, {rewritten} of them written again, {published.Length / clock.Elapsed.TotalSeconds:0} units/s");
        Console.WriteLine(
            $"  ledger: {total.Entries} charges, missing {outcome.Missing.Count}, "
            + $"duplicate {total.Entries - outcome.Matched - outcome.Unexpected.Count}, unexpected {outcome.Unexpected.Count}, "
            + $"verification {(verification.IsClean ? "clean" : string.Join(" | ", verification.Problems))}");
        Console.WriteLine(
            $"  beside it: mapped counter alone {mapped}, error {mapped - published.Length:+0;-0;0}; "
            + $"counters in memory {inMemory.Sum()}, error {inMemory.Sum() - published.Length:+0;-0;0}");
        bool held = outcome.IsExact && total.Entries == published.Length && published.Length >= units && verification.IsClean
            && kills >= wantedKills && repeated > published.Length / 10 && rewritten > 0;
        Console.WriteLine(held ? "  held" : "  FAILED");
        Directory.Delete(root, recursive: true);
        return held ? 0 : 1;

        Process Start(int worker) =>
            Worker.Start("billing-worker", "--root", root, "--worker", $"{worker}", "--processes", $"{processes}", "--units", $"{units}");
    }

    public static async Task<int> WorkAsync(Settings settings)
    {
        string root = settings.Required("root");
        int worker = settings.Number("worker", 0);
        int processes = settings.Number("processes", 4);
        int units = settings.Number("units", 20_000);
        string outputs = Path.Combine(root, "out");
        await using BillingLedger ledger =
            SqliteBillingLedger.Open(Path.Combine(root, "ledger"), new() { Durability = Durability.ProcessCrash });
        using SharedCounter live = SharedCounter.Open(Path.Combine(root, "live.count"), "photos");
        Random random = new();
        long inMemory = 0;
        for (int unit = worker; unit < units; unit += processes)
        {
            string final = Path.Combine(outputs, $"{unit}.done");
            bool published = File.Exists(final);
            if (published && random.Next(10) != 0 && IsChargedForSure(unit))
                continue;
            if (!published)
            {
                string temporary = $"{final}.{Environment.ProcessId}";
                await File.WriteAllTextAsync(temporary, "photo");
                File.Move(temporary, final, overwrite: true);
            }

            await ledger.ChargeAsync(KeyOf(unit), Tenant, 1);
            live.Increment();
            inMemory++;
            if (random.Next(5) == 0)
            {
                // A retry by a caller that did not see the answer: one in five, so that every run has its tenth of retries.
                await ledger.ChargeAsync(KeyOf(unit), Tenant, 1);
                live.Increment();
                inMemory++;
            }

            Console.WriteLine(inMemory);
            if (unit / processes % 500 == 499)
                await ledger.FoldAsync(); // folding happens beside charging, and is killed too
        }

        return 0;

        // After a restart, outputs near the place of the kill may lack their charge, so they are charged again; older ones are only retried at random.
        bool IsChargedForSure(int unit) => File.Exists(Path.Combine(outputs, $"{unit + (2 * processes)}.done"));
    }

    private static ChargeKey KeyOf(int unit) =>
        ChargeKey.From(Tenant, "stress", unit.ToString(CultureInfo.InvariantCulture), "develop", "1");
}
