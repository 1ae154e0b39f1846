using System.Text;

namespace Pipeline.Testing;

/// <summary>What an exploration found, and what it covered.</summary>
/// <param name="Program">The name of the program.</param>
/// <param name="Strategy">The strategy in words.</param>
/// <param name="Counterexample">The failing run; null when none was found.</param>
/// <param name="Schedules">How many schedules were run to their end: up to the first failure, or, in a bounded proof, within the last bound, which contains
/// the smaller ones.</param>
/// <param name="Equivalent">How many more were skipped, because they order all dependent steps as one that was run.</param>
/// <param name="IsComplete">Whether everything that the strategy promises was tried. False when a failure ended the search, or a limit.</param>
/// <param name="Coverage">One phrase about what was covered.</param>
public sealed record ExplorationReport(
    string Program, string Strategy, Counterexample? Counterexample, long Schedules, long Equivalent, bool IsComplete, string Coverage)
{
    /// <summary>Gets whether no failing schedule was found.</summary>
    public bool Passed => Counterexample is null;

    /// <summary>Gets whether the absence of failures is proven for everything that the strategy promises.</summary>
    /// <value>Never true for random strategies.</value>
    public bool IsProof { get; init; }

    /// <summary>Writes the report.</summary>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public override string ToString()
    {
        StringBuilder text = new StringBuilder().Append(Program).Append(": ");
        string counted = Equivalent == 0 ? CountText.Of(Schedules, "schedule") : $"{CountText.Of(Schedules, "schedule")} run, "
            + $"{CountText.Of(Equivalent, "equivalent one")} skipped";
        if (Counterexample is not null)
            return text.Append("FAILS (").Append(Coverage).Append(")\n").Append(Counterexample).ToString();
        text.Append(IsProof ? "PROVEN" : IsComplete ? "nothing found" : "NOT PROVEN");
        return text.Append(": ").Append(Coverage).Append(" (").Append(counted).Append(')').ToString();
    }
}
