namespace Pipeline.Profiling;

/// <summary>Lets one thread and several do the same work by turns.</summary>
internal sealed class ContentionMeasurement(int threads)
{
    private const int Rounds = 9;
    private const int Steps = 8_000_000;
    private const int Bytes = 16 << 20; // twice per thread, more than a share of a last-level cache
    private const int Copies = 2;

    public MachineContention Run()
    {
        byte[][] memory = [.. Enumerable.Range(0, 2 * threads).Select(_ => new byte[Bytes])];
        Action<int> compute = _ => Compute();
        Action<int> copy = thread => Copy(memory[2 * thread], memory[(2 * thread) + 1]);
        Pair computing = new(), copying = new();
        for (int round = 0; round < Rounds; round++)
        {
            computing.Add(Seconds(compute, 1), Seconds(compute, threads));
            copying.Add(Seconds(copy, 1), Seconds(copy, threads));
        }

        double arithmetic = Math.Max(1, computing.Ratio);
        return new MachineContention(threads, arithmetic, Math.Max(arithmetic, copying.Ratio));
    }

    /// <summary>Gives the mean processor time of the threads, which start together.</summary>
    private static double Seconds(Action<int> work, int count)
    {
        using Barrier start = new(count);
        double[] seconds = new double[count];
        Thread[] others = [.. Enumerable.Range(1, count - 1).Select(thread => new Thread(() => Timed(thread)) { IsBackground = true })];
        foreach (Thread other in others)
            other.Start();
        Timed(0);
        foreach (Thread other in others)
            other.Join();
        return seconds.Average();

        void Timed(int thread)
        {
            start.SignalAndWait();
            double begin = ThreadClock.Seconds;
            work(thread);
            seconds[thread] = ThreadClock.Seconds - begin;
        }
    }

    private static void Compute()
    {
        int x = 1;
        for (int i = 0; i < Steps; i++)
            x = (x * 31) + 7;
        GC.KeepAlive(x);
    }

    private static void Copy(byte[] from, byte[] to)
    {
        for (int i = 0; i < Copies; i++)
            Buffer.BlockCopy(from, 0, to, 0, Bytes);
    }

    /// <summary>The shortest times of both: what disturbs a round, on this machine or on the one that hosts it, only makes it longer. So does compiling, in
    /// the first one.</summary>
    private sealed class Pair
    {
        private double _alone = double.PositiveInfinity;
        private double _together = double.PositiveInfinity;

        public double Ratio => _together / _alone;

        public void Add(double alone, double together)
        {
            _alone = Math.Min(_alone, alone);
            _together = Math.Min(_together, together);
        }
    }
}
