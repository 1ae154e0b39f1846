namespace Pipeline.Profiling;

/// <summary>Numbers in sentences and tables, the same in every culture.</summary>
internal static class Words
{
    public static string Invariant(ref InvariantText text) => text.ToString();

    public static string Count(double count, string noun) => Invariant($"{count:0.##} {noun}{(count == 1 ? "" : "s")}");

    public static string Percent(double share) => Invariant($"{share:0.0 %}");

    public static string SignedPercent(double share) => Invariant($"{share:+0.0 %;-0.0 %;0.0 %}");

    public static string Milliseconds(double seconds) => Invariant($"{seconds * 1000:0.###} ms");
}
