namespace Pipeline.Core;

/// <summary>Decides how many items a turn takes: as many as take 20 to 500 µs, judged by what the bodies took so far.</summary>
/// <remarks>Guarded by the run's gate. One item at first, and always one when bodies take longer than half of 500 µs. Entering the gate for a turn costs 1.5 to
/// 3 µs beside bodies that compute, also where no other thread comes there: turns should be long. But no worker should lack items because another one took them
/// all, so what waits is shared, unless the shares take less time than it takes to wake a thread.</remarks>
/// <param name="clock">Gives the time stamps.</param>
/// <param name="unknown">What an item takes, in time stamps, until one was timed: infinite for bodies, which are what threads are for. 0 for the source and the
/// sink, which do little as a rule: a thread that is started for the bodies beside them would then only take a processor from one. An inspection calls it when
/// the rule was wrong.</param>
internal sealed class ChunkSize(TimeProvider clock, double unknown)
{
    public const int Most = 128;
    private const int FirstTurns = 16;
    private const int MostGrowth = 16; // from the average to the time of one turn: more is a thread that did not run

    private readonly double _most = 500e-6 * clock.TimestampFrequency;
    private readonly double _least = 20e-6 * clock.TimestampFrequency;
    private double _average; // stamps per item; 0 before the first turn
    private int _learned; // turns, as far as they are the first
    private long _turns; // that began while no accounts are kept

    /// <summary>Says how long items will take, in time stamps.</summary>
    public double Expect(int items) => _average <= 0 ? unknown : _average * items;

    public int Next => Fitting(_most);

    /// <summary>Says how many of the items that wait one of so many idle workers should take.</summary>
    public int ShareOf(int items, int workers) => Math.Clamp((items + workers - 1) / workers, Fitting(_least), Next);

    /// <summary>Says whether the next turn has to be timed to learn from: all of the first ones, then one in sixteen.</summary>
    public bool WantsTime()
    {
        long turn = _turns++;
        return turn < FirstTurns || turn % FirstTurns == 0;
    }

    /// <summary>Learns from a turn.</summary>
    public void Learn(long busy, int items)
    {
        double perItem = Math.Max(busy, 1) / (double)items;
        if (_average <= 0)
            _average = perItem;
        else if (_learned < FirstTurns)
            _average = Math.Min(_average, perItem); // the first turns compile what they call
        else
            _average += (Math.Min(perItem, MostGrowth * _average) - _average) / 8;
        _learned = Math.Min(_learned + 1, FirstTurns);
    }

    private int Fitting(double stamps) => _average <= 0 ? 1 : (int)Math.Clamp(stamps / _average, 1, Most);
}
