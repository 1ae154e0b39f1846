using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Measures one way to call another process, in a process of its own: nothing is compiled when it begins.</summary>
internal static class CallMeasurement
{
    /// <summary>The calls of a new connection that are looked at.</summary>
    public const int First = 1_000;

    /// <summary>How long calls are made before the steady ones. So long the runtime compiles, in both processes.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>The steady calls.</summary>
    public const int Steady = 10_000;

    private const string Verb = "measure-call";

    /// <summary>What is called.</summary>
    public enum Way
    {
        Pipe,
        Socket,
        Pool,
        PoolWithoutPolling,
    }

    /// <summary>Where caller and callee run.</summary>
    public enum Placement
    {
        Any,
        One,
        Two,
    }

    /// <summary>Measures in a new process.</summary>
    public static CallTimes Run(Way way, Placement placement)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (string argument in new[] { Verb, way.ToString(), placement.ToString() })
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        return new CallTimes(Parse(lines[0]), Parse(lines[1]));
    }

    /// <summary>Serves as the measuring process.</summary>
    public static async Task<bool> ServeAsync(string[] args)
    {
        if (args is not [Verb, string way, string place])
            return false;
        Placement placement = Enum.Parse<Placement>(place);
        if (placement != Placement.Any)
            Affinity.Pin(0, 0); // threads and processes that start from here on inherit it
        CallTimes times = Enum.Parse<Way>(way) switch
        {
            Way.Pipe => RawEcho.MeasurePipe(placement),
            Way.Socket => RawEcho.MeasureSocket(placement),
            Way.Pool => await PoolAsync(placement, new ProcessPoolOptions().BusyPollLimit),
            _ => await PoolAsync(placement, TimeSpan.Zero),
        };
        Console.WriteLine(Format(times.First));
        Console.WriteLine(Format(times.Steady));
        return true;
    }

    /// <summary>Makes all calls of a measurement.</summary>
    public static CallTimes Measure(Action call)
    {
        long[] first = new long[First];
        long[] steady = new long[Steady];
        Time(first);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            Time(steady);
        Time(steady);
        return new CallTimes(Statistics.Summarize(first), Statistics.Summarize(steady));

        void Time(long[] times)
        {
            for (int i = 0; i < times.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                call();
                times[i] = Stopwatch.GetTimestamp() - start;
            }
        }
    }

    private static async Task<CallTimes> PoolAsync(Placement placement, TimeSpan pollLimit)
    {
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Workers = 1, WarmSpares = 0, BusyPollLimit = pollLimit });
        await pool.WhenReadyAsync();
        if (placement == Placement.Two)
            Affinity.Pin(pool.Snapshot().ProcessIds[0], 1);
        WorkerFunction<Message, Message> echo = Functions.Get(pool, "echo");
        Message message = new(new string('x', 36)); // 64 bytes of JSON with its names
        long[] first = new long[First];
        long[] steady = new long[Steady];
        await TimeAsync(first);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            await TimeAsync(steady);
        await TimeAsync(steady);
        return new CallTimes(Statistics.Summarize(first), Statistics.Summarize(steady));

        async Task TimeAsync(long[] times)
        {
            for (int i = 0; i < times.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await echo.CallAsync(message);
                times[i] = Stopwatch.GetTimestamp() - start;
            }
        }
    }

    private static string Format(Summary summary) =>
        string.Create(CultureInfo.InvariantCulture, $"{summary.Min} {summary.P50} {summary.P99}");

    private static Summary Parse(string line)
    {
        double[] values = [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return new Summary(values[0], values[1], values[2]);
    }
}
