namespace Pipeline.Core.Internal;

/// <summary>Decides how many items a turn takes: as many as take about 20 µs, judged by what the bodies took so far.</summary>
/// <remarks>Guarded by the run's gate. One item at first, and always one when bodies take longer than half of that.</remarks>
internal sealed class ChunkSize(TimeProvider clock)
{
    internal const int Most = 128;
    private const int FirstTurns = 16;

    private readonly double _target = 20e-6 * clock.TimestampFrequency;
    private double _average; // stamps per item; 0 before the first turn
    private long _turns; // that began while no accounts are kept

    /// <summary>Says how long items will take, in time stamps; unknown is long.</summary>
    internal double Expect(int items) => _average <= 0 ? double.PositiveInfinity : _average * items;

    internal int Next => _average <= 0 ? 1 : (int)Math.Clamp(_target / _average, 1, Most);

    /// <summary>Says whether the next turn has to be timed to learn from: all of the first ones, then one in sixteen.</summary>
    internal bool WantsTime()
    {
        long turn = _turns++;
        return turn < FirstTurns || turn % FirstTurns == 0;
    }

    /// <summary>Learns from a turn.</summary>
    internal void Learn(long busy, int items)
    {
        double perItem = Math.Max(busy, 1) / (double)items;
        _average = _average <= 0 ? perItem : _average + ((perItem - _average) / 8);
    }
}
