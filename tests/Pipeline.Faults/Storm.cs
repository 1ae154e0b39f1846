using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Faults;

/// <summary>Ends runs and their workers in every way while photos are done, charged and licensed, and resumes each job until it is done.</summary>
internal sealed class Storm(int kills, int seed)
{
    private static readonly string[] s_ways = ["KILL", "TERM", "TERM TERM", "HUP", "STOP KILL", "INT"];
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, int> _sent = new(StringComparer.Ordinal);
    private readonly List<Fault> _faults = [];

    public IReadOnlyCollection<Fault> Run(string folder)
    {
        PhotoJob job = new(folder, 16, 640, "--sizes 300,100 --blur 2");
        int left = kills, jobs = 0;
        Stopwatch clock = Stopwatch.StartNew();
        while (left > 0)
        {
            string executor = jobs % 2 == 0 ? "tasks" : "processes", output = Path.Combine(folder, $"out-{jobs}"), ledger = Path.Combine(folder, $"ledger-{jobs}"), licenses = Path.Combine(folder, $"licenses-{jobs % 3}");
            jobs++;
            bool isDone = false;
            for (int round = 0; round < 6 && left > 0 && !isDone; round++)
                isDone = Interrupt(job, executor, output, ledger, licenses, ref left);
            Finish(job, executor, output, ledger, licenses);
            Directory.Delete(output, recursive: true);
        }

        Console.WriteLine($"{kills} signals in {jobs} jobs of {job.Count} photos, {clock.Elapsed.TotalSeconds:F0} s, seed {seed}: {string.Join(", ", _sent.Select(static pair => $"{pair.Key} {pair.Value}"))}; {_faults.Count} faults");
        return _faults;
    }

    /// <summary>Starts a run, sends one signal or two, and looks at what is charged; says whether the run was done before.</summary>
    private bool Interrupt(PhotoJob job, string executor, string output, string ledger, string licenses, ref int left)
    {
        using Process run = Process.Start(new ProcessStartInfo("dotnet", [PhotoJob.Tool, .. job.Arguments(output, ledger, licenses, executor), "--resume"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> text = run.StandardError.ReadToEndAsync();
        _ = run.StandardOutput.ReadToEndAsync();
        if (run.WaitForExit(_random.Next(150, 1500)))
            return run.ExitCode == 0;
        int[] workers = Children(run.Id);
        bool hitsWorker = workers.Length > 0 && _random.Next(2) == 0;
        int target = hitsWorker ? workers[_random.Next(workers.Length)] : run.Id;
        string way = s_ways[_random.Next(s_ways.Length)], name = $"{way} of {(hitsWorker ? "a worker" : "the run")}";
        foreach (string signal in way.Split(' '))
        {
            ToolRun.Run(s_limit, "kill", "-" + signal, target.ToString(CultureInfo.InvariantCulture));
            run.WaitForExit(signal == "STOP" ? 300 : 50);
        }

        left--;
        _sent[name] = _sent.GetValueOrDefault(name) + 1;
        bool ends = run.WaitForExit(s_limit);
        if (!ends)
        {
            Add("hang", $"{name} with {executor}: the run has not ended after {s_limit.TotalSeconds} s");
            run.Kill(entireProcessTree: true);
        }
        else if (run.ExitCode is not (0 or 1 or 4 or 129 or 130 or 137 or 143) || (run.ExitCode != 0 && text.GetAwaiter().GetResult().Contains("defect", StringComparison.Ordinal)))
        {
            Add("exit", $"{name} with {executor}: exit code {run.ExitCode}: {text.GetAwaiter().GetResult()}");
        }

        // Workers see that nobody is there and end.
        if (!SpinWait.SpinUntil(() => workers.All(static id => !IsAlive(id)), TimeSpan.FromSeconds(10)))
        {
            Add("orphan", $"{name} with {executor}: a worker runs on 10 s after the run");
            foreach (int id in workers.Where(IsAlive))
                ToolRun.Run(s_limit, "kill", "-KILL", id.ToString(CultureInfo.InvariantCulture));
        }

        long? charged = PhotoJob.Total(ledger);
        int complete = job.CompletePhotos(output);
        if (charged is null || charged > complete)
            Add("charged-without-output", $"{name} with {executor}: {charged?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} charged, {complete} complete");
        return ends && run.ExitCode == 0;
    }

    private void Finish(PhotoJob job, string executor, string output, string ledger, string licenses)
    {
        (int code, string text, string error) = ToolRun.Run(s_limit, "dotnet", [PhotoJob.Tool, .. job.Arguments(output, ledger, licenses, executor), "--resume"]);
        if (code != 0)
            Add("lost", $"the last run with {executor}: exit code {code}: {error} {text}");
        if (job.WhatIsWrong(output) is { } wrong)
            Add(wrong.StartsWith("left", StringComparison.Ordinal) ? "left-over" : "lost", $"after the last run with {executor}: {wrong}");
        if (PhotoJob.Total(ledger) is var total && total != job.Count)
            Add(total > job.Count ? "charged-twice" : "lost-charge", $"after the last run with {executor}: {total} charged for {job.Count} photos");
        if (PhotoJob.WhatIsWrongWithLedger(ledger) is { } bad)
            Add("ledger", bad);
    }

    private void Add(string kind, string what) => _faults.Add(new Fault("storm " + kind, what));

    private static int[] Children(int parent)
    {
        (_, string output, _) = ToolRun.Run(s_limit, "pgrep", "-P", parent.ToString(CultureInfo.InvariantCulture));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    // A dead child that nobody has asked about is there still, but does nothing.
    private static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
