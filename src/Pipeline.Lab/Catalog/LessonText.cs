using System.Text;

namespace Pipeline.Lab;

/// <summary>Writes the parts of a lesson as plain text for a terminal: problem, prediction, run, answer, hint, fix, proof. Thread-safe.</summary>
/// <remarks>The documentation shows the same parts, and a test compares the two.</remarks>
public static class LessonText
{
    private const int Width = 96;

    /// <summary>Writes the title, the problem and the code that fails.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public static string Problem(Lesson lesson) =>
        $"{lesson.Id}  {lesson.Title}\n\nPROBLEM\n{Wrap(lesson.Problem)}\n\n{Indent(lesson.BrokenCode)}";

    /// <summary>Writes the question and the answers to choose from.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public static string Question(Lesson lesson)
    {
        StringBuilder text = new StringBuilder("PREDICTION\n").Append(Wrap(lesson.Prediction.Question));
        foreach ((int index, string answer) in lesson.Prediction.Answers.Index())
            text.Append("\n  ").Append(Prediction.Letter(index)).Append(") ").Append(answer);
        return text.ToString();
    }

    /// <summary>Writes the smallest failing run, its certificate and its replay string.</summary>
    /// <param name="run">The outcome of the lesson.</param>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public static string Run(LessonRun run) => $"RUN\n{run.FailureText}";

    /// <summary>Writes which answer is right, and why.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <param name="answer">The index of the learner's answer; null when none was given.</param>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public static string Answer(Lesson lesson, int? answer)
    {
        string right = $"{Prediction.Letter(lesson.Prediction.Correct)}) {lesson.Prediction.Answers[lesson.Prediction.Correct]}.";
        string judged = answer is null ? "The answer is " : answer == lesson.Prediction.Correct ? "You were right: "
            : "Not so; the answer is ";
        return $"ANSWER\n{Wrap($"{judged}{right} {lesson.Prediction.Why}")}";
    }

    /// <summary>Writes the hint towards the repair.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public static string Hint(Lesson lesson) => $"HINT\n{Wrap(lesson.Hint)}";

    /// <summary>Writes the repair and its code.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public static string Fix(Lesson lesson) => $"FIX\n{Wrap(lesson.Fix)}\n\n{Indent(lesson.FixedCode)}";

    /// <summary>Writes the proof of the repair.</summary>
    /// <param name="run">The outcome of the lesson.</param>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public static string Proof(LessonRun run) => $"PROOF\n{run.ProofText}";

    private static string Indent(string code) => string.Join('\n', code.Split('\n').Select(line => line.Length == 0 ? "" : "    " + line));

    private static string Wrap(string text)
    {
        StringBuilder wrapped = new();
        int column = 0;
        foreach (string word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                wrapped.Append('\n');
                column = 0;
            }

            if (column > 0)
            {
                wrapped.Append(' ');
                column++;
            }

            wrapped.Append(word);
            column += word.Length;
        }

        return wrapped.ToString();
    }
}
