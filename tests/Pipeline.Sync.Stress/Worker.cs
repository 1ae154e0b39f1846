using System.Diagnostics;

namespace Pipeline.Sync.Stress;

/// <summary>A worker process of a show.</summary>
internal static class Worker
{
    public static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(Worker).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_gcServer"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Kills a worker in the middle of whatever it does and waits until it is gone.</summary>
    public static void Kill(Process worker)
    {
        worker.Kill();
        worker.WaitForExit();
        worker.Dispose();
    }

    public static string Scratch(string name)
    {
        string path = Path.Combine(Path.GetTempPath(), $"pipeline-{name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        return path;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
