using System.Globalization;

namespace Pipeline.Testing;

/// <summary>Writes counts with the right form of the noun.</summary>
internal static class CountText
{
    public static string Of(long count, string noun, string plural = "s") =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}{(count == 1 ? "" : plural)}");

    public static string Cost(Schedule schedule) => schedule.Crashes.IsEmpty
        ? Of(schedule.Preemptions.Length, "preemption")
        : $"{Of(schedule.Crashes.Length, "crash", "es")} and {Of(schedule.Preemptions.Length, "preemption")}";
}
