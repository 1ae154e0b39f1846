using Microsoft.Win32.SafeHandles;

namespace Pipeline.Processes.TestHost;

/// <summary>Functions that behave, misbehave and crash on demand.</summary>
public static class Functions
{
    private static readonly List<byte[]> s_leaked = [];

    public static void Register(WorkerHandlers workers)
    {
        ArgumentNullException.ThrowIfNull(workers);
        if (Environment.GetEnvironmentVariable("TEST_FAIL_START") is string message)
            throw new InvalidOperationException(message);
        Add(workers, "echo", (order, _) => Done(order.Text, order.Number));
        Add(workers, "attempt", (order, context) => Done(order.Text, context.Attempt));
        Add(workers, "throw", (order, _) => throw new InvalidDataException(order.Text));
        Add(workers, "abort", (order, _) => Abort(order));
        Add(workers, "abort-if", (order, _) => order.Number == 1 ? Abort(order) : Done(order.Text, order.Number));
        Add(workers, "abort-once", (order, context) => context.Attempt == 1 ? Abort(order) : Done(order.Text, context.Attempt));
        Add(workers, "exit", (order, _) => Exit(order.Number));
        Add(workers, "hang", (order, _) => Hang(order));
        Add(workers, "hang-once", (order, context) => context.Attempt == 1 ? Hang(order) : Done(order.Text, context.Attempt));
        Add(workers, "hang-if", (order, _) => order.Number == 1 ? Hang(order) : Done(order.Text, order.Number));
        Add(workers, "print", Print);
        Add(workers, "scribble", (order, _) => Scribble(order));
        Add(workers, "variable", (order, _) => Done(Environment.GetEnvironmentVariable(order.Text) ?? "(none)"));
        Add(workers, "folder", (_, _) => Done(Environment.CurrentDirectory));
        Add(workers, "leak", (order, _) => Leak(order));
        Add(workers, "allocate", (order, _) => Done("allocated", new byte[order.Number * 1024L * 1024L].Length >> 20));
        Add(workers, "progress", Progress);
        Add(workers, "spin", (order, _) => Spin(order));
        workers.Add("counted", HostJson.Default.Counted, HostJson.Default.Answer, (request, _) => Counted.Handle(request));
        PixelFunctions.Register(workers);
        workers.AddStage("work", HostJson.Default.Order, HostJson.Default.Answer, () => new WorkStage());
        workers.Add(
            "counter",
            HostJson.Default.Order,
            HostJson.Default.Answer,
            () => new Counter(),
            (counter, order, _) => Done(order.Text, ++counter.Value));
        workers.AddAsync("async", HostJson.Default.Order, HostJson.Default.Answer, () => 0, async (_, order, _) =>
        {
            await Task.Yield();
            return Done(order.Text);
        });
    }

    private static void Add(WorkerHandlers workers, string name, Func<Order, WorkerCallContext, Answer> handler) =>
        workers.Add(name, HostJson.Default.Order, HostJson.Default.Answer, handler);

    private static Answer Done(string text, int number = 0) => new(text, Environment.ProcessId, number);

    private static Answer Abort(Order order)
    {
        Console.Error.WriteLine($"about to abort on {order.Text}");
        Environment.FailFast($"poison {order.Text}");
        return Done("unreachable");
    }

    private static Answer Exit(int code)
    {
        Environment.Exit(code);
        return Done("unreachable");
    }

    /// <summary>Tells that it runs by creating a file, then waits for its death.</summary>
    private static Answer Hang(Order order)
    {
        if (order.File is string file)
            Announce(file);
        Thread.Sleep(Timeout.Infinite);
        return Done("unreachable");
    }

    /// <summary>Makes a file with the id of this process, whole from the moment at which it has its name.</summary>
    internal static void Announce(string file)
    {
        File.WriteAllText(file + ".new", Environment.ProcessId.ToString());
        File.Move(file + ".new", file);
    }

    private static Answer Print(Order order, WorkerCallContext context)
    {
        Console.Out.WriteLine($"out {order.Text}");
        Console.Error.WriteLine($"error {order.Text}");
        return Done(order.Text);
    }

    /// <summary>Writes to the connection as broken native code could: the head of a failure, and an unreadable rest.</summary>
    private static Answer Scribble(Order order)
    {
        byte[] frame = new byte[24 + 4];
        frame[0] = 4; // bytes after the head
        frame[4] = 7; // a failure
        frame[8] = 1; // the first call
        frame[27] = 127; // a text of 2 GB
        using FileStream answers = new(new SafeFileHandle(4, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        answers.Write(frame);
        return Hang(order);
    }

    private static Answer Leak(Order order)
    {
        byte[] block = new byte[order.Number * 1024 * 1024];
        for (int i = 0; i < block.Length; i += 4096)
            block[i] = 1;
        s_leaked.Add(block);
        return Done("leaked", s_leaked.Count);
    }

    private static Answer Progress(Order order, WorkerCallContext context)
    {
        for (int i = 1; i <= 4; i++)
            context.ReportProgress(i / 4.0, $"step {i}");
        return Done(order.Text);
    }

    private static Answer Spin(Order order)
    {
        long end = System.Diagnostics.Stopwatch.GetTimestamp() + (order.Number * System.Diagnostics.Stopwatch.Frequency / 1_000_000);
        while (System.Diagnostics.Stopwatch.GetTimestamp() < end)
        {
        }

        return Done(order.Text, order.Number);
    }

    private sealed class Counter : IDisposable
    {
        public int Value { get; set; }

        public void Dispose()
        {
            if (Environment.GetEnvironmentVariable("TEST_DISPOSE_FOLDER") is string folder)
                File.WriteAllText(Path.Combine(folder, $"{Environment.ProcessId}"), "disposed");
        }
    }
}
