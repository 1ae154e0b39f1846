using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline lab</c>: lessons on races and deadlocks that check themselves.</summary>
internal static class LabCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Argument<string> lesson = new("LESSON")
        {
            Description = "A lesson by number (L3) or name (opposite-order); "
            + "'pipeline lab list' shows all."
        };
        Option<string?> html =
            new("--html") { Description = "Write a page in which you are the scheduler to this file.", HelpName = "FILE" };
        Option<string?> answer = new(
            "--answer")
        { Description = "Your prediction (a, b, c); without it the tool asks, when it can.", HelpName = "LETTER" };
        Option<string?> replay = new(
            "--replay")
        { Description = "Repeat the run of a replay string on the broken program, and nothing else.", HelpName = "STRING" };
        Command command =
            new("lab", "Lessons on races and deadlocks: predict, see the smallest failing schedule, see the proof of the repair.")
        {
            lesson, html, answer, replay,
        };
        command.Subcommands.Add(ListCommand(environment));
        command.Subcommands.Add(AllCommand(environment));
        command.Subcommands.Add(RaceCommand.Create(environment));
        command.SetAction((result, _) =>
        {
            Lesson found = Find(result.GetRequiredValue(lesson));
            return result.GetValue(replay) is { } text
                ? ReplayAsync(found, text, environment)
                : TeachAsync(found, Choice(found, result.GetValue(answer)), result.GetValue(html), environment);
        });
        return command;
    }

    private static Command ListCommand(CliEnvironment environment)
    {
        Command command = new("list", "List the lessons.");
        command.SetAction((_, _) => ListAsync(environment));
        return command;
    }

    private static Command AllCommand(CliEnvironment environment)
    {
        Command command = new("all", "Run every lesson; exit code 0 only if each fails as expected and each repair is proven.");
        command.SetAction((_, _) => AllAsync(environment));
        return command;
    }

    private static async Task<int> ListAsync(CliEnvironment environment)
    {
        foreach (Lesson lesson in LessonCatalog.All)
            await environment.Out.WriteLineAsync($"{lesson.Id,-4} {lesson.Name,-18} {lesson.Title}").ConfigureAwait(false);
        await environment.Out.WriteLineAsync("\nStart with: pipeline lab L1").ConfigureAwait(false);
        return ExitCodes.AllDone;
    }

    private static async Task<int> AllAsync(CliEnvironment environment)
    {
        long start = environment.TimeProvider.GetTimestamp();
        int wrong = 0;
        foreach (Lesson lesson in LessonCatalog.All)
        {
            LessonRun run = lesson.Run();
            await environment.Out.WriteLineAsync(run.ToSummary()).ConfigureAwait(false);
            foreach (string problem in run.Problems)
                await environment.Out.WriteLineAsync($"     {problem}").ConfigureAwait(false);
            if (!run.Holds)
                wrong++;
        }

        double seconds = environment.TimeProvider.GetElapsedTime(start).TotalSeconds;
        await environment.Out.WriteLineAsync(wrong == 0
            ? $"\nAll {LessonCatalog.All.Count} lessons hold ({seconds:0.0} s): each failure was found, shrunk and certified as "
                + "minimal; each repair is proven up to its bound."
            : $"\n{wrong} of {LessonCatalog.All.Count} lessons do not hold ({seconds:0.0} s).").ConfigureAwait(false);
        return wrong == 0 ? ExitCodes.AllDone : ExitCodes.SomeFailed;
    }

    private static async Task<int> TeachAsync(Lesson lesson, int? choice, string? htmlFile, CliEnvironment environment)
    {
        TextWriter output = environment.Out;
        LessonRun run = lesson.Run();
        if (htmlFile is not null)
        {
            await File.WriteAllTextAsync(htmlFile, LessonPage.Write(run)).ConfigureAwait(false);
            await output.WriteLineAsync($"{htmlFile}: {lesson.Id} as a page; open it in a browser and be the scheduler.")
                .ConfigureAwait(false);
            return run.Holds ? ExitCodes.AllDone : ExitCodes.SomeFailed;
        }

        await output.WriteLineAsync($"{LessonText.Problem(lesson)}\n\n{LessonText.Question(lesson)}").ConfigureAwait(false);
        choice ??= await AskAsync(lesson, environment).ConfigureAwait(false);
        await output.WriteLineAsync($"\n{LessonText.Run(run)}\n\n{LessonText.Answer(lesson, choice)}\n\n{LessonText.Hint(lesson)}")
            .ConfigureAwait(false);
        if (environment.In is not null)
            _ = await ReadLineAsync("What would you change? Enter shows the repair: ", environment).ConfigureAwait(false);
        await output.WriteLineAsync($"\n{LessonText.Fix(lesson)}\n\n{LessonText.Proof(run)}").ConfigureAwait(false);
        foreach (string problem in run.Problems)
            await environment.Error.WriteLineAsync($"pipeline: {lesson.Id} does not hold: {problem}.").ConfigureAwait(false);
        return run.Holds ? ExitCodes.AllDone : ExitCodes.SomeFailed;
    }

    private static async Task<int> ReplayAsync(Lesson lesson, string text, CliEnvironment environment)
    {
        try
        {
            await environment.Out.WriteLineAsync(new Explorer().Replay(lesson.Broken, text).ToString()).ConfigureAwait(false);
            return ExitCodes.AllDone;
        }
        catch (Exception e) when (e is FormatException or ReplayMismatchException)
        {
            throw new UsageException(e.Message);
        }
    }

    private static Lesson Find(string text) => LessonCatalog.Find(text)
        ?? throw new UsageException(
            $"There is no lesson '{text}'. The lessons are {LessonCatalog.All[0].Id} to {LessonCatalog.All[^1].Id}; 'pipeline lab list' "
                + "shows their names.");

    private static int? Choice(Lesson lesson, string? letter)
    {
        if (letter is null)
            return null;
        return TryChoose(lesson, letter, out int index)
            ? index
            : throw new UsageException($"--answer is '{letter}'. {lesson.Id} has the answers a to {LastLetter(lesson)}.");
    }

    private static bool TryChoose(Lesson lesson, string letter, out int index)
    {
        index = letter.Length == 1 ? char.ToLowerInvariant(letter[0]) - 'a' : -1;
        return index >= 0 && index < lesson.Prediction.Answers.Count;
    }

    private static char LastLetter(Lesson lesson) => Prediction.Letter(lesson.Prediction.Answers.Count - 1);

    // The tool asks before it tells, but never waits for an answer without a terminal.
    private static async Task<int?> AskAsync(Lesson lesson, CliEnvironment environment)
    {
        if (environment.In is null)
            return null;
        while (true)
        {
            string line =
                await ReadLineAsync($"Your answer (a to {LastLetter(lesson)}, or Enter to go on): ", environment).ConfigureAwait(false);
            if (line.Length == 0)
                return null;
            if (TryChoose(lesson, line, out int index))
                return index;
        }
    }

    // Reading a terminal cannot be canceled, so an interrupt leaves the read behind.
    private static async Task<string> ReadLineAsync(string prompt, CliEnvironment environment)
    {
        await environment.Out.WriteAsync(prompt).ConfigureAwait(false);
        string? line = await Task.Run(environment.In!.ReadLine).WaitAsync(environment.Interrupts.DrainRequested).ConfigureAwait(false);
        return line?.Trim() ?? "";
    }
}
