namespace Pipeline.Core.Internal;

/// <summary>Decides how many items a turn takes: as many as take about 20 µs, judged by what the bodies took so far.</summary>
/// <remarks>Guarded by the run's gate. One item at first, and always one when bodies take longer than half of that.</remarks>
internal sealed class ChunkSize(TimeProvider clock)
{
    internal const int Most = 128;

    private readonly double _target = 20e-6 * clock.TimestampFrequency;
    private double _average; // stamps per item; 0 before the first turn

    /// <summary>Says how long items will take, in time stamps; unknown is long.</summary>
    internal double Expect(int items) => _average <= 0 ? double.PositiveInfinity : _average * items;

    internal int Next => _average <= 0 ? 1 : (int)Math.Clamp(_target / _average, 1, Most);

    /// <summary>Learns from a turn.</summary>
    internal void Learn(long busy, int items)
    {
        double perItem = Math.Max(busy, 1) / (double)items;
        _average = _average <= 0 ? perItem : _average + ((perItem - _average) / 8);
    }
}
