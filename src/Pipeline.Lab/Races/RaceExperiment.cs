using System.Diagnostics;

namespace Pipeline.Lab;

/// <summary>The race of lesson L1 on real threads, left to the operating system: what it loses this time.</summary>
/// <param name="Threads">The number of threads.</param>
/// <param name="Increments">The increments of each thread.</param>
/// <param name="Total">The total at the end.</param>
/// <param name="Elapsed">The wall time of the increments.</param>
public sealed record RaceExperiment(int Threads, int Increments, long Total, TimeSpan Elapsed)
{
    /// <summary>Gets what the total should be.</summary>
    public long Expected => (long)Threads * Increments;

    /// <summary>Gets how many increments were lost.</summary>
    public long Lost => Expected - Total;

    /// <summary>Runs <c>total += 1</c> on real threads that start together.</summary>
    /// <param name="counter">The counter, at zero: <see cref="RacyCounter"/> to see the loss, <see cref="InterlockedCounter"/> to see none.</param>
    /// <param name="threads">The number of threads, 1 to 256.</param>
    /// <param name="increments">The increments of each thread, 1 or more.</param>
    /// <returns>What was counted. Another run may lose another number, or none.</returns>
    public static RaceExperiment Run(ICounter counter, int threads, int increments)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(increments, 1);
        using Barrier start = new(threads + 1);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Count))];
        foreach (Thread worker in workers)
            worker.Start();
        start.SignalAndWait();
        long began = Stopwatch.GetTimestamp();
        foreach (Thread worker in workers)
            worker.Join();
        return new RaceExperiment(threads, increments, counter.ApproximateTotal, Stopwatch.GetElapsedTime(began));

        void Count()
        {
            start.SignalAndWait();
            for (int i = 0; i < increments; i++)
                counter.Add(1);
        }
    }
}
