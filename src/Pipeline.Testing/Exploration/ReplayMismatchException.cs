namespace Pipeline.Testing;

/// <summary>Thrown when a replay string was recorded for other scheduling points than the program has now.</summary>
public sealed class ReplayMismatchException : Exception
{
    internal ReplayMismatchException(string program, string recorded, string present)
        : base($"The replay string was recorded for layout {recorded}; '{program}' now has layout {present}. Its scheduling points have "
            + $"moved, so the numbers of the schedule mean something else. Explore the program again and use the new string.") =>
        (Recorded, Present) = (recorded, present);

    /// <summary>Gets the layout in the replay string.</summary>
    public string Recorded { get; }

    /// <summary>Gets the layout of the program now.</summary>
    public string Present { get; }
}
