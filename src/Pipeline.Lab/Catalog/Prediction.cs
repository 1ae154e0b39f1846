namespace Pipeline.Lab;

/// <summary>A question with answers to choose from, to be answered before the run.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answers">The answers, in the order in which they are shown.</param>
/// <param name="Correct">The index of the right answer in <paramref name="Answers"/>.</param>
/// <param name="Why">Why it is right.</param>
public sealed record Prediction(string Question, IReadOnlyList<string> Answers, int Correct, string Why)
{
    /// <summary>Gets the letter of an answer, <c>a</c> for the first.</summary>
    /// <param name="index">The index of the answer.</param>
    /// <returns>The letter.</returns>
    public static char Letter(int index) => (char)('a' + index);
}
