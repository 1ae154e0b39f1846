using System.Globalization;
using System.Text;

namespace Pipeline.Lab;

/// <summary>The outcome of a lesson.</summary>
/// <param name="Lesson">The lesson.</param>
/// <param name="Broken">What the explorer found in the program that must fail.</param>
/// <param name="Repaired">What it proved about the repaired program.</param>
public sealed record LessonRun(Lesson Lesson, ExplorationReport Broken, ExplorationReport Repaired)
{
    /// <summary>Gets whether the lesson's claims hold: the failure is found, is minimal, has the expected trace, and the repair is proven.</summary>
    public bool Holds => Problems.Count == 0;

    /// <summary>Gets what does not hold, in words.</summary>
    /// <value>Empty when everything holds.</value>
    public IReadOnlyList<string> Problems
    {
        get
        {
            List<string> problems = [];
            if (Broken.Counterexample is not { } found)
                problems.Add("the broken program did not fail");
            else if (!found.Certificate.IsMinimal)
                problems.Add($"the counterexample is not certified: {found.Certificate.Text}");
            else if (found.Trace.ToString() != Lesson.ExpectedTrace)
                problems.Add("the smallest failing run is not the expected one");
            if (!Repaired.IsProof)
                problems.Add($"the repair is not proven: {Repaired.Coverage}");
            return problems;
        }
    }

    /// <summary>Gets the smallest failing run with its size, its certificate and its replay string.</summary>
    /// <value>Lines separated by <c>\n</c>.</value>
    public string FailureText => Broken.Counterexample is { } found ? found.ToString() : "the broken program did not fail";

    /// <summary>Gets the proof of the repair in one line.</summary>
    public string ProofText => Repaired.Counterexample is { } found
        ? $"NOT REPAIRED: it still fails\n{found}"
        : $"{(Repaired.IsProof ? "proven" : "NOT PROVEN")}: {Repaired.Coverage} passes, {Count(Repaired.Schedules, "schedule")} checked"
            + (Repaired.Equivalent == 0 ? "" : $" ({Count(Repaired.Equivalent, "equivalent one")} skipped)");

    /// <summary>Writes one line for a list: the lesson, the failure's size, the proof.</summary>
    /// <returns>The line.</returns>
    public string ToSummary() => new StringBuilder()
        .Append(Lesson.Id.PadRight(4)).Append(Lesson.Title.PadRight(46))
        .Append(Holds ? "ok    " : "WRONG ")
        .Append(Broken.Counterexample is { } found ? $"fails with {found.SizeText}" : "does not fail").Append("; ")
        .Append(Repaired.IsProof ? $"repair proven, {Count(Repaired.Schedules, "schedule")} to bound {Lesson.ProofBound}"
            : "repair NOT proven")
        .ToString();

    private static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}{(count == 1 ? "" : "s")}");
}
