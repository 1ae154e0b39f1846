using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Faults;

/// <summary>Tries, as a user without rights, to read, hold, overwrite, block and redirect what a run with default options keeps.</summary>
internal sealed class SecondUser(string executor)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // For each path: may it be read, held, written, replaced; and may its folder take new files.
    private const string Attack = """
        import fcntl, os, sys
        for path in sys.stdin.read().split('\0'):
            if not path: continue
            can = []
            if os.path.isdir(path):
                try:
                    name = os.path.join(path, '.stranger'); open(name, 'x').close(); os.unlink(name); can.append('redirect')
                except OSError: pass
            else:
                try:
                    with open(path, 'rb') as f:
                        can.append('read')
                        try: fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB); can.append('hold')
                        except OSError: pass
                        try: fcntl.lockf(f, fcntl.LOCK_SH | fcntl.LOCK_NB); can.append('block-writers')
                        except OSError: pass
                except OSError: pass
                try: open(path, 'r+b').close(); can.append('overwrite')
                except OSError: pass
            if can: print(path, ','.join(can), sep='\t')
        """;

    public IReadOnlyCollection<Fault> Run(string folder)
    {
        if (!Environment.IsPrivilegedProcess || ToolRun.Find("setpriv") is null || !File.Exists("/usr/bin/python3"))
        {
            Console.WriteLine("Second user: left out, it needs root, setpriv and python3.");
            return [];
        }

        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        PhotoJob job = new(folder, 12, 1200, "--sizes 600 --blur 20");
        string output = Path.Combine(folder, "out"), ledger = Path.Combine(folder, "ledger"), licenses = Path.Combine(folder, "licenses");
        HashSet<string> before = [.. Shared()];
        using Process run = Process.Start(new ProcessStartInfo("dotnet", [PhotoJob.Tool, .. job.Arguments(output, ledger, licenses, executor)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = run.StandardError.ReadToEndAsync();
        _ = run.StandardOutput.ReadToEndAsync();
        // It works when there are outputs.
        SpinWait.SpinUntil(() => run.HasExited || (Directory.Exists(output) && Directory.EnumerateFiles(output, "*.jpg").Any()), s_limit);
        List<Fault> faults = [];
        string[] state = [.. All(ledger), .. All(licenses), .. Directory.Exists(output) ? Directory.EnumerateFiles(output, ".*") : [], .. Shared().Where(path => !before.Contains(path) && !path.StartsWith(folder, StringComparison.Ordinal))];
        bool isRunning = !run.HasExited;
        foreach (string line in Try(folder, state).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split('\t');
            string place = parts[0].StartsWith(ledger, StringComparison.Ordinal) ? "ledger" : parts[0].StartsWith(licenses, StringComparison.Ordinal) ? "licenses" : parts[0].StartsWith(output, StringComparison.Ordinal) ? "output" : "shared";
            foreach (string can in parts[1].Split(','))
                faults.Add(new Fault($"second-user {executor} {can} {place}", $"{Path.GetFileName(parts[0])} of {place} ({Convert.ToString((int)File.GetUnixFileMode(parts[0]), 8)})"));
        }

        (int killed, _, _) = ToolRun.Run(s_limit, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "kill", "-TERM", run.Id.ToString(CultureInfo.InvariantCulture));
        if (killed == 0 && isRunning)
            faults.Add(new Fault($"second-user {executor} signal", "a stranger's signal was taken"));
        if (!run.WaitForExit(s_limit) || run.ExitCode != 0 || job.WhatIsWrong(output) is not null || PhotoJob.Total(ledger) != job.Count)
            faults.Add(new Fault($"second-user {executor} run", $"the run ended with {(run.HasExited ? run.ExitCode : -1)}: {(run.HasExited ? error.GetAwaiter().GetResult() : "no end")}"));
        Console.WriteLine($"second user with {executor}: {state.Length} files and folders of the run's state tried {(isRunning ? "while it ran" : "after it ended")}, {faults.Count} rights");
        return faults;
    }

    private static string Try(string folder, string[] paths)
    {
        string list = Path.Combine(folder, "paths"), script = Path.Combine(folder, "attack.py");
        File.WriteAllText(list, string.Join('\0', paths));
        File.WriteAllText(script, Attack);
        (_, string output, string error) = ToolRun.Run(
            s_limit, "/bin/sh", "-c", "exec setpriv --reuid=65534 --regid=65534 --clear-groups env PATH=/usr/bin:/bin /usr/bin/python3 \"$1\" < \"$2\"", "sh", script, list);
        return error.Length > 0 ? throw new InvalidOperationException($"The other user cannot run: {error}") : output;
    }

    private static IEnumerable<string> All(string folder) => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder) : [];

    // Folders that all users of a machine share.
    private static IEnumerable<string> Shared() => ((string[])[Path.GetTempPath(), "/dev/shm", "/var/tmp"]).Where(Directory.Exists).SelectMany(static folder => Directory.EnumerateFileSystemEntries(folder));
}
