using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace Pipeline.Sync.Stress;

/// <summary>Kill storm: processes take and return permits while they are killed at random. No permit may have two live holders, and none may be lost.</summary>
/// <remarks>
/// The checker must tell "the former holder is dead" from "two live holders". Each permit has a word in a mapped file: a holder swaps in its process id and
/// swaps it out before it returns the permit. A holder that finds another id asks whether that process is alive, and asks again after the storm has noted its
/// kills: the kernel frees the lock before the parent has seen the exit, so an id that was being killed is not a violation.
/// </remarks>
internal static class LicenseStorm
{
    public static async Task<int> RunAsync(Settings settings)
    {
        int seconds = settings.Number("seconds", 30);
        int wantedKills = settings.Number("kills", 200);
        int processes = settings.Number("processes", 6);
        int permits = settings.Number("permits", 3);
        bool noLock = settings.Has("no-lock");
        string root = Worker.Scratch("storm");
        string board = Path.Combine(root, "board");
        await File.WriteAllBytesAsync(board, new byte[4096]);
        if (noLock)
            KernelLock.System = new NoLock();
        using CrossProcessSemaphore semaphore = CrossProcessSemaphore.Open(root, "license", permits);

        Process[] workers = [.. Enumerable.Range(0, processes).Select(_ => StartWorker())];
        Task<string>[] outputs = [.. workers.Select(worker => worker.StandardOutput.ReadToEndAsync())];
        List<string> violations = new();
        HashSet<int> killed = new();
        long acquisitions = 0;
        int kills = 0;
        Stopwatch clock = Stopwatch.StartNew();
        double pause = seconds * 1000.0 / wantedKills * 0.9;
        Random random = new(1);
        while (clock.Elapsed.TotalSeconds < seconds || (kills < wantedKills && clock.Elapsed.TotalSeconds < seconds * 3))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(pause * (0.5 + random.NextDouble())));
            int victim = random.Next(processes);
            int id = workers[victim].Id;
            killed.Add(id);
            workers[victim].Kill();
            await workers[victim].WaitForExitAsync();
            await CollectAsync(victim);
            kills++;
            workers[victim] = StartWorker();
            outputs[victim] = workers[victim].StandardOutput.ReadToEndAsync();
        }

        for (int i = 0; i < processes; i++)
        {
            killed.Add(workers[i].Id);
            workers[i].Kill();
            await workers[i].WaitForExitAsync();
            await CollectAsync(i);
        }

        int free = noLock ? permits : Free(semaphore, permits);
        string[] real = [.. violations.Where(line => !killed.Contains(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))
            || line.EndsWith("live", StringComparison.Ordinal))];
        Console.WriteLine(
            $"storm: {processes} processes, {permits} permits, {clock.Elapsed.TotalSeconds:0.0} s, {kills} kills, "
            + $"{acquisitions} acquisitions"
            + (noLock ? ", kernel lock replaced by nothing" : ""));
        Console.WriteLine($"  permits with two live holders: {real.Length}");
        Console.WriteLine($"  permits free at the end: {free} of {permits}");
        if (!noLock)
        {
            List<double> returns = await MeasureReturnsAsync(root, semaphore.Capacity, settings.Number("returns", 20));
            Console.WriteLine(
                $"  return of a killed holder's permit: median {Worker.Median(returns):0.0} ms, longest {returns.Max():0.0} ms, "
                + $"{returns.Count} measured");
        }

        bool held = real.Length == 0 && free == permits && kills >= wantedKills && acquisitions > 0;
        Console.WriteLine(held ? "  held" : "  FAILED");
        Directory.Delete(root, recursive: true);
        return held ? 0 : 1;

        Process StartWorker()
        {
            string[] arguments = ["storm-worker", "--root", root, "--permits", $"{permits}"];
            return Worker.Start(noLock ? [.. arguments, "--no-lock"] : arguments);
        }

        async Task CollectAsync(int victim)
        {
            foreach (string line in (await outputs[victim]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("violation ", StringComparison.Ordinal) && line.Split(' ').Length == 3)
                    violations.Add(line);
                else if (line.StartsWith('+'))
                    acquisitions += 10;
            }

            workers[victim].Dispose();
        }
    }

    public static async Task<int> WorkAsync(Settings settings)
    {
        if (settings.Has("no-lock"))
            KernelLock.System = new NoLock();
        string root = settings.Required("root");
        using CrossProcessSemaphore semaphore = CrossProcessSemaphore.Open(root, "license", settings.Number("permits", 3));
        using Board board = new(Path.Combine(root, "board"));
        Random random = new();
        for (long n = 1; ; n++)
        {
            await using (PermitLease lease = await semaphore.AcquireAsync())
            {
                int permit = lease.Permits[0];
                int former = board.Enter(permit, Environment.ProcessId);
                if (former != 0 && former != Environment.ProcessId && IsAlive(former))
                {
                    await Task.Delay(20); // a process that is being killed is gone by then; a live holder is not
                    Console.WriteLine($"violation {former} {(IsAlive(former) ? "live" : "dying")}");
                }

                long until = Stopwatch.GetTimestamp() + (long)(random.NextDouble() * Stopwatch.Frequency / 1000);
                while (Stopwatch.GetTimestamp() < until)
                    Thread.SpinWait(20);
                int other = board.Leave(permit, Environment.ProcessId);
                if (other != Environment.ProcessId && other != 0 && IsAlive(other))
                {
                    await Task.Delay(20);
                    Console.WriteLine($"violation {other} {(IsAlive(other) ? "live" : "dying")}");
                }
            }

            if (n % 10 == 0)
                Console.WriteLine('+');
        }
    }

    /// <summary>Holds permits until it is killed.</summary>
    public static async Task<int> HoldAsync(Settings settings)
    {
        using CrossProcessSemaphore semaphore =
            CrossProcessSemaphore.Open(settings.Required("root"), "return", settings.Number("permits", 3));
        await using PermitLease lease = await semaphore.AcquireAsync(semaphore.Capacity, "held until killed");
        Console.WriteLine("held");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    /// <summary>From the kill of a process that holds all permits until another process gets one.</summary>
    private static async Task<List<double>> MeasureReturnsAsync(string root, int permits, int repeats)
    {
        using CrossProcessSemaphore semaphore = CrossProcessSemaphore.Open(root, "return", permits);
        List<double> returns = new();
        for (int i = 0; i < repeats; i++)
        {
            using Process holder = Worker.Start("hold-worker", "--root", root, "--permits", $"{permits}");
            await holder.StandardOutput.ReadLineAsync();
            long at = Stopwatch.GetTimestamp();
            holder.Kill();
            PermitLease? lease;
            while ((lease = await semaphore.TryAcquireAsync(TimeSpan.Zero)) is null)
                await Task.Yield();
            returns.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            await lease.DisposeAsync();
            await holder.WaitForExitAsync();
        }

        return returns;
    }

    private static int Free(CrossProcessSemaphore semaphore, int permits)
    {
        int free = 0;
        for (int i = 0; i < permits; i++)
            // Kept, so that each counts once.
            free += semaphore.TryAcquireAsync(TimeSpan.FromSeconds(2)).AsTask().GetAwaiter().GetResult() is null ? 0 : 1;
        return free;
    }

    private static bool IsAlive(int process)
    {
        try
        {
            // A zombie has ended: its locks are gone. On Linux the state is the third field of stat.
            string stat = File.ReadAllText($"/proc/{process}/stat");
            char state = stat[stat.LastIndexOf(')') + 2];
            return state is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed unsafe class Board : IDisposable
    {
        private readonly MemoryMappedFile _map;
        private readonly MemoryMappedViewAccessor _view;
        private readonly byte* _start;

        public Board(string path)
        {
            _map = MemoryMappedFile.CreateFromFile(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), null, 0,
                MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, false);
            _view = _map.CreateViewAccessor();
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _start = start;
        }

        public void Dispose()
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map.Dispose();
        }

        public int Enter(int permit, int process) => Interlocked.Exchange(ref Word(permit), process);

        /// <summary>Takes the own id out; returns what was there.</summary>
        public int Leave(int permit, int process) => Interlocked.CompareExchange(ref Word(permit), 0, process);

        private ref int Word(int permit) => ref Unsafe.AsRef<int>(_start + (permit * sizeof(int)));
    }
}
