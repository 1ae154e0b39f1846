using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Faults;

/// <summary>Fails one system call on the files of a job after the other, and says for each what was reported and what was charged.</summary>
internal sealed partial class Injection(string executor, int step, string only = "")
{
    private static readonly string[] s_calls = ["open", "read", "write", "fsync", "rename", "close", "truncate", "mkdir", "unlink", "link"];
    private static readonly string[] s_verdicts = ["pipeline:", "Finished", "Stopped", "Done"];
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly List<Fault> _faults = [];

    public IReadOnlyCollection<Fault> Run(string folder)
    {
        string shim = Path.Combine(folder, "shim.so");
        if (ToolRun.Find("cc") is null || !OperatingSystem.IsLinux())
        {
            Console.WriteLine("Injection: left out, it needs Linux and a C compiler (cc) for the shim.");
            return [];
        }

        (int code, _, string error) = ToolRun.Run(s_limit, "cc", "-shared", "-fPIC", "-O2", "-o", shim, Path.Combine(AppContext.BaseDirectory, "shim.c"), "-ldl");
        if (code != 0)
            throw new InvalidOperationException($"The shim does not compile: {error}");
        PhotoJob job = new(folder, 2, 320, "--sizes 64");
        // A ledger that is there already, with one charge of an earlier job.
        PhotoJob earlier = new(Path.Combine(folder, "earlier"), 1, 160, "--sizes 64");
        string saved = Path.Combine(folder, "ledger-saved");
        ToolRun.Run(s_limit, "dotnet", [PhotoJob.Tool, .. earlier.Arguments(Path.Combine(folder, "earlier-out"), saved, null, "tasks")]);
        long before = PhotoJob.Total(saved) ?? throw new InvalidOperationException("The first ledger cannot be read.");

        long[] counts = Once(job, shim, saved, "none", 0, 5).Counts;
        Console.WriteLine($"calls on the files of the job with {executor}: {string.Join(", ", s_calls.Select((call, i) => $"{call} {counts[i]}"))}");
        Console.WriteLine($"{"call",-9} {"n",4} {"error",-7} {"file",-14} {"exit",4} {"outputs",8} {"charged",8}  after --resume  said");
        for (int i = 0; i < s_calls.Length; i++)
        {
            if (only.Length > 0 && s_calls[i] != only)
                continue;
            for (int n = 1; n <= counts[i]; n += step)
            {
                Judge(job, shim, saved, before, s_calls[i], n, 5, "EIO");
                if (s_calls[i] is "write" or "open" or "rename" or "truncate" or "mkdir" or "close")
                    Judge(job, shim, saved, before, s_calls[i], n, 28, "ENOSPC");
            }
        }

        return _faults;
    }

    private void Judge(PhotoJob job, string shim, string saved, long before, string call, int n, int number, string error)
    {
        Ending end = Once(job, shim, saved, call, n, number);
        if (end.FailedFile is null)
            return; // The call did not come this time: threads take turns.
        string output = Path.Combine(job.Folder, "out"), ledger = Path.Combine(job.Folder, "ledger"), place = Place(end.FailedFile);
        int complete = job.CompletePhotos(output);
        long? charged = PhotoJob.Total(ledger) - before;
        (int code, _, string text) = ToolRun.Run(s_limit, "dotnet", [PhotoJob.Tool, .. job.Arguments(output, ledger, null, executor), "--resume"]);
        string? wrongAfter = code != 0 ? $"exit code {code}: {LastLine(text)}" : job.WhatIsWrong(output) ?? PhotoJob.WhatIsWrongWithLedger(ledger)
            ?? (PhotoJob.Total(ledger) - before is var total && total == job.Count ? null : $"charged {total} of {job.Count}");
        string row = $"{call,-9} {n,4} {error,-7} {place,-14} {end.ExitCode,4} {complete,8} {charged?.ToString(CultureInfo.InvariantCulture) ?? "?",8}  {wrongAfter ?? "right",-14}  {LastLine(end.Text)}";
        Console.WriteLine(row);
        void Add(string kind) => _faults.Add(new Fault($"inject {executor} {kind} {call} {place}", row.Trim()));
        if (charged is null)
            Add("ledger-unreadable");
        else if (charged > complete)
            Add("charged-without-output");
        if (end.ExitCode == 0 && (complete != job.Count || charged != job.Count))
            Add("wrong");
        // What could not be made durable or written was not done, whatever the cache shows now.
        if (end.ExitCode == 0 && (call is "fsync" or "write") && place is "output" or "manifest" or "ledger.db" or "ledger.db-wal" or "journal" or "folder")
            Add("unreported");
        if (end.ExitCode is -1)
            Add("hang");
        if (end.ExitCode > 130 || end.Text.Contains("defect of the tool", StringComparison.Ordinal) || end.Text.Contains("Unhandled exception", StringComparison.Ordinal))
            Add("crash");
        if (wrongAfter is not null)
            Add("lost");
    }

    private Ending Once(PhotoJob job, string shim, string saved, string call, int n, int number)
    {
        string output = Path.Combine(job.Folder, "out"), ledger = Path.Combine(job.Folder, "ledger"), state = Path.Combine(job.Folder, "state"), log = Path.Combine(job.Folder, "log");
        foreach (string old in (string[])[output, ledger])
        {
            if (Directory.Exists(old))
                Directory.Delete(old, recursive: true);
        }

        ToolRun.Run(s_limit, "/bin/cp", "-a", saved, ledger);
        File.WriteAllBytes(state, new byte[4096]);
        File.WriteAllText(log, "");
        (int code, string text, string error) = ToolRun.Run(
            s_limit, "env", [$"LD_PRELOAD={shim}", $"FAULT_ROOTS={output}:{ledger}:{job.Input}", $"FAULT_CALL={call}", $"FAULT_AT={n}", $"FAULT_ERRNO={number}", $"FAULT_STATE={state}", $"FAULT_LOG={log}",
            "dotnet", PhotoJob.Tool, .. job.Arguments(output, ledger, null, executor)]);
        byte[] counters = File.ReadAllBytes(state);
        return new Ending(code, error + "\n" + text, [.. Enumerable.Range(0, s_calls.Length).Select(i => BitConverter.ToInt64(counters, i * 8))], File.ReadLines(log).FirstOrDefault()?.Split(' ', 2)[1]);
    }

    private static string Place(string path) => Path.GetFileName(path) switch
    {
        ".pipeline-manifest" => "manifest",
        "out" or "ledger" or "journals" or "in" => "folder",
        "ledger.db" or "ledger.db-wal" or "ledger.db-shm" or "ledger.db-journal" => Path.GetFileName(path),
        var name when name.EndsWith(".jnl", StringComparison.Ordinal) => "journal",
        var name when name.EndsWith(".dng", StringComparison.Ordinal) => "photo",
        var name when name.Contains(".jpg", StringComparison.Ordinal) => "output",
        var name when name.Contains("live.count", StringComparison.Ordinal) => "counter",
        _ => "lock",
    };

    private static string LastLine(string text)
    {
        string[] lines = [.. text.Split('\n').Select(static line => Spaces().Replace(line, " ").Trim()).Where(static line => line.Length > 0)];
        string line = lines.FirstOrDefault(static line => s_verdicts.Any(start => line.StartsWith(start, StringComparison.Ordinal))) ?? lines.LastOrDefault() ?? "";
        return line[..Math.Min(line.Length, 160)];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    private sealed record Ending(int ExitCode, string Text, long[] Counts, string? FailedFile);
}
