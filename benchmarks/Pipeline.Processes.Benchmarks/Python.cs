using System.Diagnostics;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Runs the Python side of a comparison, where python3 is installed.</summary>
internal static class Python
{
    public static string? Version() => Run("-c", "import sys; print('Python ' + sys.version.split()[0])");

    /// <summary>Runs a script beside this program.</summary>
    /// <returns>What it printed; null without python3 or when it failed.</returns>
    public static string? Script(string name, params string[] arguments) =>
        Run([Path.Combine(AppContext.BaseDirectory, "python", name), .. arguments]);

    private static string? Run(params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new("python3") { RedirectStandardOutput = true };
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd().TrimEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // not installed
        }
    }
}
