using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.Processes.Stress;

/// <summary>One storm over one pool.</summary>
internal sealed partial class Storm(int seconds, int workers, int seed)
{
    private const int InFlight = 64;
    private const int SharedBytes = 300_000;
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;
    private const int StopSignal = 19;

    private readonly string _folder = Directory.CreateTempSubdirectory("storm-").FullName;
    private readonly int[] _ends = new int[1 << 22];
    private int _next;
    private long _results;
    private long _pictures;
    private long _failures;
    private long _timeouts;
    private long _canceled;
    private long _wrong;
    private int _signals;

    public static void Register(WorkerHandlers handlers)
    {
        handlers.Add("fill", StormJson.Default.StormCall, StormJson.Default.StormPixels, (call, context) =>
        {
            SharedBuffer pixels = context.Rent(SharedBytes);
            pixels.Span.Fill((byte)call.Number);
            return new StormPixels(pixels);
        });
        handlers.Add("work", StormJson.Default.StormCall, StormJson.Default.StormAnswer, (call, _) =>
        {
            long end = Stopwatch.GetTimestamp() + (call.Microseconds * Stopwatch.Frequency / 1_000_000);
            while (Stopwatch.GetTimestamp() < end)
            {
            }

            return new StormAnswer(call.Number);
        });
    }

    public async Task<int> RunAsync()
    {
        Console.WriteLine($"storm: {seconds} s, {workers} workers, seed {seed}");
        string memoryBefore = SharedMemory();
        ProcessPoolOptions options = new()
        {
            Workers = workers,
            WarmSpares = 2,
            MaxWorkerDeathsPerCall = 3,
            CrashBudget = int.MaxValue,
            UnresponsiveAfter = TimeSpan.FromMilliseconds(500),
        };
        options.Environment["TMPDIR"] = _folder; // where the runtime puts its sockets and pipes
        ProcessPool pool = ProcessPool.Start(options);
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(seconds));
        Task kills = KillAsync(pool, end.Token);
        await Task.WhenAll(
            Enumerable.Range(0, InFlight).Select(lane => Task.Run(() => CallAsync(pool, new Random(seed + lane), end.Token))));
        await kills;
        ProcessPoolSnapshot snapshot = pool.Snapshot();
        SharedBufferUsage shared = pool.SharedBuffers.Snapshot();
        await pool.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return Judge(snapshot, shared, memoryBefore);
    }

    private async Task CallAsync(ProcessPool pool, Random random, CancellationToken end)
    {
        WorkerFunction<StormCall, StormPixels> fill = pool.Function("fill", StormJson.Default.StormCall, StormJson.Default.StormPixels);
        WorkerFunction<StormCall, StormAnswer> work = pool.Function("work", StormJson.Default.StormCall, StormJson.Default.StormAnswer);
        while (!end.IsCancellationRequested)
        {
            int number = Interlocked.Increment(ref _next);

            // Mostly short calls, which travel in batches; one in fifty is long enough to be hit.
            int microseconds = random.Next(50) == 0 ? random.Next(20_000) : random.Next(300);
            using CancellationTokenSource cancel = new();
            if (random.Next(10) == 0)
                cancel.CancelAfter(TimeSpan.FromMicroseconds(random.Next(5000)));
            try
            {
                StormCall call = new(number, microseconds);
                WorkerCallOptions options = new() { Deadline = TimeSpan.FromSeconds(2), Item = $"{number}" };
                if (random.Next(10) == 0)
                {
                    using StormPixels pixels = await fill.CallAsync(call, options, cancel.Token)
                        .WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
                    if (pixels.Bytes.Span.IndexOfAnyExcept((byte)number) >= 0)
                        Interlocked.Increment(ref _wrong);
                    Interlocked.Increment(ref _pictures);
                    Interlocked.Increment(ref _results);
                    Interlocked.Increment(ref _ends[number]);
                    continue;
                }

                Task<StormAnswer> task = work.CallAsync(call, options, cancel.Token);
                StormAnswer answer = await task.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
                if (answer.Number != number)
                    Interlocked.Increment(ref _wrong);
                Interlocked.Increment(ref _results);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                Interlocked.Increment(ref _canceled);
            }
            catch (WorkerCrashedException)
            {
                Interlocked.Increment(ref _failures);
            }
            catch (WorkerTimeoutException)
            {
                Interlocked.Increment(ref _timeouts);
            }

            Interlocked.Increment(ref _ends[number]);
        }
    }

    private async Task KillAsync(ProcessPool pool, CancellationToken end)
    {
        Random random = new(seed);
        ReadOnlyMemory<int> signals = new[] { KillSignal, KillSignal, TerminateSignal, StopSignal };
        while (!end.IsCancellationRequested)
        {
            ProcessPoolSnapshot now = pool.Snapshot();
            List<int> targets = [.. now.ProcessIds, .. now.SpareProcessIds];
            if (targets.Count > 0 && kill(targets[random.Next(targets.Count)], signals.Span[random.Next(signals.Length)]) == 0)
                _signals++;

            // The times between signals are the experiment itself, not a wait for anything: random, so that signals meet starts, idle workers and every moment
            // of a call.
            await Task.Delay(random.Next(240), CancellationToken.None);
        }
    }

    private int Judge(ProcessPoolSnapshot snapshot, SharedBufferUsage shared, string memoryBefore)
    {
        int calls = _next;
        int notOnce = Enumerable.Range(1, calls).Count(number => _ends[number] != 1);
        int left = Children();
        int files = Directory.GetFileSystemEntries(_folder).Length;
        Directory.Delete(_folder, recursive: true);
        string memoryAfter = SharedMemory();
        Console.WriteLine(
            $"  {calls} calls: {_results} results, {_canceled} canceled, {_failures} failed after 3 deaths, {_timeouts} timed out; "
                + $"{_wrong} wrong answers, {notOnce} that did not end exactly once");
        Console.WriteLine(
            $"  {_signals} signals; {snapshot.WorkerDeaths} deaths, {snapshot.WorkersKilled} kills by the pool, "
                + $"{snapshot.WorkersStarted} workers started");
        Console.WriteLine(
            $"  {_pictures} results in shared memory, at most {shared.PeakInUse} bytes at once, {shared.InUse} bytes in use at the end");
        Console.WriteLine(
            $"  left: {left} processes, {files} sockets and other files of workers; shared memory before '{memoryBefore}', after "
                + $"'{memoryAfter}'");
        bool good = notOnce == 0
            && _wrong == 0
            && left == 0
            && files == 0
            && memoryBefore == memoryAfter
            && _results > 0
            && _pictures > 0
            && shared.InUse == 0
            && snapshot.CallsSubmitted <= calls && _results + _canceled + _failures + _timeouts == calls
            && (seconds < 60 || _signals >= 300);
        Console.WriteLine(good ? "  PASSED" : "  FAILED");
        return good ? 0 : 1;
    }

    /// <summary>Processes whose parent is this one, dead and unreaped ones included.</summary>
    private static int Children() =>
        Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Count(folder =>
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // it ended while we looked
        }
    });

    /// <summary>What this program has in shared memory or as sockets, by name and size.</summary>
    private static string SharedMemory()
    {
        IEnumerable<string> files = Directory.GetFiles("/dev/shm").Concat(Directory.GetFiles(Path.GetTempPath(), "*pipeline*"));
        IEnumerable<string> own = Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget ?? string.Empty)
            .Where(target => target.StartsWith("/memfd:pipeline", StringComparison.Ordinal));
        return string.Join(' ', files.Concat(own).Order(StringComparer.Ordinal));
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int process, int signal);
}
