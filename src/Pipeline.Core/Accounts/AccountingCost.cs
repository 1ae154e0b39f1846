namespace Pipeline.Core;

/// <summary>What keeping the accounts costs, measured once per process by doing what the engine does per turn.</summary>
internal static class AccountingCost
{
    private const int Batches = 16;
    private const int Turns = 500;

    private static readonly Lazy<double> s_secondsPerTurn = new(Measure);

    public static double SecondsPerTurn => s_secondsPerTurn.Value; // the time that two time stamps and the bookkeeping of one turn take

    /// <summary>The fastest batch counts: anything else that the machine does only makes one slower.</summary>
    private static double Measure()
    {
        StageAccount account = new(1, Stopwatch.GetTimestamp(), isKept: true);
        StageObservations observations = new();
        long fastest = long.MaxValue;
        for (int batch = 0; batch < Batches; batch++)
        {
            long start = Stopwatch.GetTimestamp();
            long end = start;
            for (int turn = 0; turn < Turns; turn++)
            {
                long begin = end; // the stamp that ended the last turn begins the next
                account.BeginTurn(begin, waiting: 1);
                account.SetReason(begin, IdleReason.Admission);
                long body = Stopwatch.GetTimestamp();
                end = Stopwatch.GetTimestamp();
                account.Update(end, waiting: 1);
                account.EndTurn(end, begin, end - body, held: 0);
                observations.Record(0, (batch * Turns) + turn, 1, end - body);
            }

            fastest = Math.Min(fastest, Stopwatch.GetTimestamp() - start);
        }

        return fastest / (double)Stopwatch.Frequency / Turns;
    }
}
