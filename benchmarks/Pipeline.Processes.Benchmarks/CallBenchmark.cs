namespace Pipeline.Processes.Benchmarks;

/// <summary>What does a small call cost that is alone?</summary>
internal static class CallBenchmark
{
    private const int Repeats = 3;

    /// <summary>Measures where the system puts the two processes.</summary>
    public static Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## A 64-byte call");
        Console.WriteLine();
        Compare(CallMeasurement.Placement.Any, CallMeasurement.Way.Pipe, CallMeasurement.Way.Socket, CallMeasurement.Way.Pool);
        if (Python.Script("calls.py", "alone") is string python)
            Console.WriteLine(python);
        return Task.CompletedTask;
    }

    /// <summary>Measures with the two processes on one processor, and on two.</summary>
    public static Task RunPinnedAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## A 64-byte call, caller and callee kept on one processor");
        Console.WriteLine();
        Compare(CallMeasurement.Placement.One, CallMeasurement.Way.Pipe, CallMeasurement.Way.Pool);
        Console.WriteLine();
        Console.WriteLine("## A 64-byte call, caller and callee kept on two processors");
        Console.WriteLine();
        Compare(CallMeasurement.Placement.Two, CallMeasurement.Way.Pipe, CallMeasurement.Way.Pool, CallMeasurement.Way.PoolWithoutPolling);
        return Task.CompletedTask;
    }

    /// <summary>Measures several ways in turns and prints them.</summary>
    private static void Compare(CallMeasurement.Placement placement, params CallMeasurement.Way[] ways)
    {
        Dictionary<CallMeasurement.Way, List<CallTimes>> times = ways.ToDictionary(way => way, _ => new List<CallTimes>());
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            foreach (CallMeasurement.Way way in ways)
                times[way].Add(CallMeasurement.Run(way, placement));
        }

        Console.WriteLine("| | min µs | p50 µs | p99 µs | p50 to the raw pipe's |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        Print($"the first {CallMeasurement.First:N0} calls", static times => times.First);
        Print($"{CallMeasurement.Steady:N0} calls after {CallMeasurement.WarmUp.TotalSeconds:0} s of calls", static times => times.Steady);

        void Print(string part, Func<CallTimes, Summary> select)
        {
            Summary[] raw = [.. times[CallMeasurement.Way.Pipe].Select(select)];
            foreach (CallMeasurement.Way way in ways)
            {
                Summary[] own = [.. times[way].Select(select)];
                Console.WriteLine(
                    $"| {Name(way)}, {part} | {own.Min(one => one.Min):0.0} | {Spread([.. own.Select(one => one.P50)], "0.0")} | "
                        + $"{Spread([.. own.Select(one => one.P99)], "0.0")} "
                    + $"| {Spread([.. own.Zip(raw, (a, b) => a.P50 / b.P50)], "0.00")} |");
            }
        }
    }

    private static string Name(CallMeasurement.Way way) => way switch
    {
        CallMeasurement.Way.Pipe => "raw pipe, blocking",
        CallMeasurement.Way.Socket => "raw Unix socket, blocking",
        CallMeasurement.Way.Pool => "**ProcessPool**",
        _ => "ProcessPool, `BusyPollLimit` 0",
    };

    /// <summary>Writes the median of the repeats, the least and the greatest.</summary>
    private static string Spread(double[] values, string format) =>
        $"{Statistics.Median(values).ToString(format, null)} ({values.Min().ToString(format, null)} to "
            + $"{values.Max().ToString(format, null)})";
}
