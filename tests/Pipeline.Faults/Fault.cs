namespace Pipeline.Faults;

/// <summary>Something that must not be.</summary>
/// <param name="Key">Its kind, as known-failures.txt names it.</param>
/// <param name="What">What came.</param>
internal sealed record Fault(string Key, string What);
