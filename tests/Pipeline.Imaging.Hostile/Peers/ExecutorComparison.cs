using System.Security.Cryptography;
using System.Text.Json;

namespace Pipeline.Imaging.Hostile;

/// <summary>Runs the tool over a folder of mutations with tasks and with processes: the same outputs, the same failures.</summary>
internal static class ExecutorComparison
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(9);

    public static IReadOnlyList<Finding> Compare(string folder, IReadOnlyList<(string Base, int Number, string File)> photos)
    {
        Dictionary<string, string>? tasks = Run(folder, "tasks", out string tasksEnd), processes = Run(folder, "processes", out string processesEnd);
        Console.WriteLine($"executors over {photos.Count} mutations: tasks {tasksEnd}, processes {processesEnd}");
        if (tasks is null || processes is null)
            return [new Finding("executor-run", "tool", 0, $"tasks {tasksEnd}, processes {processesEnd}")];
        List<Finding> findings = [];
        foreach ((string name, int number, string file) in photos)
        {
            string first = tasks.GetValueOrDefault(file, "neither output nor failure"), second = processes.GetValueOrDefault(file, "neither output nor failure");
            if (first != second)
                findings.Add(new Finding(first.StartsWith("failure", StringComparison.Ordinal) && second.StartsWith("failure", StringComparison.Ordinal) ? "executor-message" : "executor", name, number, $"tasks: {first} | processes: {second}"));
            else if (first.StartsWith("neither", StringComparison.Ordinal))
                findings.Add(new Finding("vanished", name, number, first));
        }

        return findings;
    }

    /// <summary>Gets what came of each photo by its name: the hash of its output, or the text of its failure.</summary>
    private static Dictionary<string, string>? Run(string folder, string executor, out string end)
    {
        string target = folder + "-" + executor, report = target + ".json";
        (int code, _, string error) = ToolRun.Run(
            s_limit, "dotnet", Path.Combine(AppContext.BaseDirectory, "Pipeline.Cli.dll"), "process", folder, "--out", target, "--sizes", "100", "--format", "png", "--executor", executor, "--workers", "2", "--no-progress", "--json", report);
        end = $"exit code {code}";
        if (!File.Exists(report))
        {
            end += ": " + error.ReplaceLineEndings(" ")[..Math.Min(error.Length, 300)];
            return null;
        }

        Dictionary<string, string> came = [];
        foreach (string output in Directory.EnumerateFiles(target, "*.png", SearchOption.AllDirectories))
            came[Path.GetFileNameWithoutExtension(output).Replace("_100", "", StringComparison.Ordinal)] = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(output)), 0, 8);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(report));
        foreach (JsonElement failure in document.RootElement.GetProperty("failures").EnumerateArray())
            came[Path.GetFileNameWithoutExtension(failure.GetProperty("source").GetString() ?? "")] = "failure: " + failure.GetProperty("error").GetString();
        Directory.Delete(target, recursive: true);
        return came;
    }
}
