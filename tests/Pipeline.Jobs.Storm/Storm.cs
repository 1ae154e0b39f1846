using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.Jobs.Storm;

/// <summary>Submits jobs, makes trouble for the workers until all jobs have ended or time is over, then checks every promise against what the workers wrote down.</summary>
internal sealed partial class Storm(StormOptions options)
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private const int Terminate = 15;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-storm-");
    private readonly Random _random = new(options.Seed);
    private readonly List<Process> _workers = [];
    private readonly List<string> _wrong = [];
    private readonly Dictionary<string, int> _trouble = [];
    private int _started;

    public async Task<bool> RunAsync()
    {
        SqliteJobStore store = new(Path.Combine(_folder.FullName, "jobs.db"));
        try
        {
            List<Guid> accepted = await SubmitAsync(store);
            for (int i = 0; i < options.Workers; i++)
                _workers.Add(Start());
            long start = Stopwatch.GetTimestamp();
            while (await LeftAsync(store) > 0 && Stopwatch.GetElapsedTime(start).TotalSeconds < options.Seconds)
            {
                await Task.Delay(_random.Next(100, 400));
                if (Stopwatch.GetElapsedTime(start).TotalSeconds < options.Seconds * 0.6)
                    await MakeTroubleAsync();
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await Task.Delay(StormWorker.Lease * 2); // late commits of workers that were stopped
            await EndWorkersAsync();
            await CheckAsync(store, accepted);
            Console.WriteLine($"storm: {accepted.Count} jobs in {seconds:F1} s; {string.Join(", ", _trouble.Select(pair => $"{pair.Value} x {pair.Key}"))}");
        }
        finally
        {
            foreach (Process worker in _workers.Where(worker => !worker.HasExited))
                worker.Kill();
            await store.DisposeAsync();
        }

        foreach (string wrong in _wrong.Take(20))
            Console.WriteLine($"WRONG: {wrong}");
        Console.WriteLine(_wrong.Count == 0 ? "storm: every promise held" : $"storm: {_wrong.Count} promises broken; seed {options.Seed}; data in {_folder.FullName}");
        if (_wrong.Count == 0)
            _folder.Delete(recursive: true);
        return _wrong.Count == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    // Each job is sent twice with its key, as a caller does whose answer was lost.
    private async Task<List<Guid>> SubmitAsync(SqliteJobStore store)
    {
        List<Guid> accepted = [];
        for (int i = 0; i < options.Jobs; i++)
        {
            JobSubmission submission = new() { Tenant = i % 3 == 0 ? "small" : "big", Kind = "storm", Payload = i.ToString(CultureInfo.InvariantCulture), IdempotencyKey = $"job-{i}", NeedsSettlement = true, MaxDeaths = 100 };
            SubmitResult first = await store.SubmitAsync(submission, default);
            SubmitResult again = await store.SubmitAsync(submission, default);
            if (first.Job!.Id != again.Job!.Id)
                _wrong.Add($"job {i} was accepted twice");
            accepted.Add(first.Job.Id);
        }

        return accepted;
    }

    private Process Start()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false };
        foreach (string argument in new[] { "worker", _folder.FullName, $"w{++_started}", options.Mutation.ToString() })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private async Task MakeTroubleAsync()
    {
        int victim = _random.Next(_workers.Count);
        Process worker = _workers[victim];
        if (worker.HasExited)
        {
            _workers[victim] = Start();
            return;
        }

        switch (_random.Next(6))
        {
            case 0:
                Count("kill");
                SendSignal(worker.Id, Kill);
                await worker.WaitForExitAsync();
                _workers[victim] = Start();
                break;
            case 1:
                Count("terminate");
                SendSignal(worker.Id, Terminate);
                break;
            case 2:
                Count("stop past the lease, then continue");
                SendSignal(worker.Id, Stop);
                await Task.Delay(StormWorker.Lease + TimeSpan.FromMilliseconds(_random.Next(300, 900)));
                SendSignal(worker.Id, Continue);
                break;
        }
    }

    private void Count(string trouble) => _trouble[trouble] = _trouble.GetValueOrDefault(trouble) + 1;

    private static async Task<long> LeftAsync(SqliteJobStore store)
    {
        JobStats stats = await store.GetStatsAsync(default);
        return stats.Ready + stats.Waiting + stats.InFlight + stats.Unsettled;
    }

    private async Task EndWorkersAsync()
    {
        foreach (Process worker in _workers.Where(worker => !worker.HasExited))
            SendSignal(worker.Id, Terminate);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        foreach (Process worker in _workers)
        {
            try
            {
                await worker.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                worker.Kill();
            }
        }
    }

    private async Task CheckAsync(SqliteJobStore store, List<Guid> accepted)
    {
        string[][] log = [.. StormLog.ReadAll(_folder.FullName)];
        await using BillingLedger ledger = SqliteBillingLedger.Open(Path.Combine(_folder.FullName, "ledger"));
        await ledger.FoldAsync();
        HashSet<ChargeKey> charged = [.. (await ledger.ReadEntriesAsync()).Select(entry => entry.Charge.Key)];
        int done = 0;
        int late = 0;
        int deaths = 0;
        for (int i = 0; i < accepted.Count; i++)
        {
            Job? job = await store.FindAsync(i % 3 == 0 ? "small" : "big", accepted[i], default);
            if (job is null)
            {
                _wrong.Add($"job {i} was accepted and is lost");
                continue;
            }

            string id = job.Id.ToString("N");
            Expect(job.State == (i % 20 == 13 ? JobState.Failed : JobState.Done), $"job {i} is {job.State}: {job.Problem?.Detail}");
            string[] commits = [.. log.Where(line => line[0] == "committed" && line[1] == id).Select(line => line[2])];
            Expect(commits.Length <= 1, $"job {i} was committed {commits.Length} times");
            Expect(job.Result?.Artifact is null || commits.Length == 0 || job.Result.Artifact.Contains(commits[0], StringComparison.Ordinal), $"job {i} shows the result of another lease than the one that committed");
            int refused = log.Count(line => line[0] == "refused" && line[1] == id);
            Expect(job.LateCommits >= refused, $"job {i} had {refused} refused commits and shows {job.LateCommits}");
            Expect(charged.Contains(StormBody.KeyOf(job)) == (job.State == JobState.Done), $"job {i} is {job.State} and was {(charged.Contains(StormBody.KeyOf(job)) ? "charged" : "not charged")}");
            int steps = log.Count(line => line[0] == "step" && line[1] == id);
            Expect(steps - StormBody.Steps <= job.Deaths + job.Interruptions + job.Errors, $"job {i} redid {steps - StormBody.Steps} steps in {job.Deaths} deaths and {job.Interruptions} interruptions");
            (done, late, deaths) = (done + (job.State == JobState.Done ? 1 : 0), late + job.LateCommits, deaths + job.Deaths);
        }

        Console.WriteLine($"storm: {done} done, {charged.Count} charged, {deaths} deaths, {late} late commits refused");
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
            _wrong.Add(otherwise);
    }
}
