namespace Pipeline.Profiling;

/// <summary>Splits <c>N T(N) - T(1)</c> so that the parts add up to it.</summary>
internal static class LostTimes
{
    public static IReadOnlyList<LostTime> Of(IReadOnlyList<SweepRun> runs, RunReport widest)
    {
        if (runs.All(r => r.Workers != 1) || widest.Workers <= 1)
            return [];
        RunReport one = ProfileReports.MedianRun(runs, 1);
        double lost = (widest.Workers * widest.Elapsed.TotalSeconds) - one.Elapsed.TotalSeconds;
        double slower = Sum(widest, s => s.Busy) - Sum(one, s => s.Busy);
        double library = Sum(widest, s => s.Framework) - Sum(one, s => s.Framework);
        double idle = lost - slower - library;
        double starved = Sum(widest, s => s.Starved);
        double blocked = Sum(widest, s => s.Blocked - s.BlockedByAdmission);
        double ordering = Sum(widest, s => s.Ordering);
        double all = Math.Max(1e-9, starved + blocked + ordering);
        return
        [
            .. Slower(one, widest, slower),
            new LostTime("library", library),
            new LostTime("no item to work on", idle * starved / all),
            new LostTime("no room downstream", idle * blocked / all),
            new LostTime("keeping the order", idle * ordering / all),
        ];
    }

    /// <summary>Bodies took longer because they computed more (shared memory and caches), or because they waited for a processor or a file.</summary>
    private static IEnumerable<LostTime> Slower(RunReport one, RunReport widest, double slower)
    {
        if (one.ProcessorTime == TimeSpan.Zero || widest.ProcessorTime == TimeSpan.Zero)
            return [new LostTime("stages slower than at one worker", slower)];
        double computing = (widest.ProcessorTime - one.ProcessorTime).TotalSeconds;
        return [new LostTime("more processor time than at one worker", computing), new LostTime("stages that waited for a processor or "
            + "a file", slower - computing)];
    }

    private static double Sum(RunReport report, Func<StageReport, TimeSpan> time) => report.Stages.Sum(s => time(s).TotalSeconds);
}
