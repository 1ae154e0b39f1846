using System.Diagnostics;

namespace Pipeline.BugFinding;

/// <summary>Says on standard error what is under way, so that standard output holds the tables alone.</summary>
internal static class Progress
{
    private static readonly long s_began = Stopwatch.GetTimestamp();

    public static void Say(string what) => Console.Error.WriteLine($"{Stopwatch.GetElapsedTime(s_began).TotalSeconds,6:0.0} s  {what}");
}
