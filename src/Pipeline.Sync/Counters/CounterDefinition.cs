namespace Pipeline.Sync;

/// <summary>One counter of a shared counter file.</summary>
/// <param name="Name">Its name: 1 to 64 ASCII letters, digits, dots, hyphens or underscores, unique in the file.</param>
/// <param name="Unit">What it counts, for example <c>photo</c> or <c>By</c>; up to 32 such characters, may be empty.</param>
/// <param name="Kind">What the death of a process does to its part.</param>
public sealed record CounterDefinition(string Name, string Unit = "", CounterKind Kind = CounterKind.Total);
