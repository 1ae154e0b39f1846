using System.Runtime.InteropServices;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Says what the numbers were measured on.</summary>
internal static class Machine
{
    public static void Describe()
    {
        string python = Python.Version() ?? "no python3";
        Console.WriteLine(
            $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
                + $"{python}");
    }
}
