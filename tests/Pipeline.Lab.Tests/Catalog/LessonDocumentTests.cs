using System.Reflection;
using System.Text;

namespace Pipeline.Lab.Tests;

/// <summary>
/// The pages of the lessons are what the tool prints. After a change of a lesson, run the tests once with UPDATE_LESSON_PAGES=1 and read the difference.
/// </summary>
public sealed class LessonDocumentTests
{
    private static readonly string s_folder = Path.Combine(
        typeof(LessonDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item =>
            item.Key == "RepositoryRoot").Value!, "docs", "lessons");

    public static TheoryData<string> Ids => new(LessonCatalog.All.Select(l => l.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_EachLesson_IsWhatTheToolPrints(string id)
    {
        LessonRun run = LessonCatalog.Find(id)!.Run();
        string file = Path.Combine(s_folder, $"{id}-{run.Lesson.Name}.md");
        if (Environment.GetEnvironmentVariable("UPDATE_LESSON_PAGES") == "1")
        {
            Directory.CreateDirectory(s_folder);
            File.WriteAllText(file, Write(run));
        }

        Assert.Equal(Write(run), File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    private static string Write(LessonRun run)
    {
        Lesson lesson = run.Lesson;
        StringBuilder page = new($"# {lesson.Id} {lesson.Title}\n\n");
        page.Append("```console\n$ pipeline lab ").Append(lesson.Id).Append("\n```\n\n");
        page.Append("In a clone of the repository, with nothing installed but the .NET SDK: `dotnet run -c Release --project "
            + "src/Pipeline.Cli -- lab ").Append(lesson.Id).Append("`. ");
        page.Append("[How to read a lesson](README.md#how-to-read-a-lesson) explains the code and the traces.\n\n## Problem\n\n")
            .Append(lesson.Problem).Append("\n\n").Append(Code(lesson.BrokenCode));
        page.Append("## Prediction\n\n").Append(lesson.Prediction.Question).Append("\n\n");
        foreach ((int index, string answer) in lesson.Prediction.Answers.Index())
            page.Append($"{Prediction.Letter(index)}) {answer}\n\n");
        page.Append("Decide before you read on. In `pipeline lab ").Append(lesson.Id).Append(" --html ").Append(lesson.Id).Append(
            ".html` you can also try to make the program fail by hand.\n\n");
        page.Append("## Run\n\nThe smallest schedule that fails, with one column for each participant:\n\n```text\n")
            .Append(run.FailureText).Append("\n```\n\n");
        page.Append("<details><summary>Answer</summary>\n\n").Append(Prediction.Letter(lesson.Prediction.Correct)).Append(") ")
            .Append(lesson.Prediction.Answers[lesson.Prediction.Correct]).Append(". ").Append(lesson.Prediction.Why).Append(
                "\n\n</details>\n\n");
        page.Append("## Fix\n\n<details><summary>A hint first</summary>\n\n").Append(lesson.Hint).Append("\n\n</details>\n\n")
            .Append(lesson.Fix).Append("\n\n").Append(Code(lesson.FixedCode));
        page.Append("## Proof\n\n```text\n").Append(run.ProofText).Append("\n```\n\n").Append(Navigation(lesson));
        return page.ToString();
    }

    private static string Code(string code) => $"```cs\n{code}\n```\n\n";

    private static string Navigation(Lesson lesson)
    {
        int index = LessonCatalog.All.ToList().IndexOf(lesson);
        List<string> links = ["[All lessons](README.md)"];
        if (index > 0)
            links.Add(Link("Before", LessonCatalog.All[index - 1]));
        if (index + 1 < LessonCatalog.All.Count)
            links.Add(Link("Next", LessonCatalog.All[index + 1]));
        return string.Join(" | ", links) + "\n";

        static string Link(string word, Lesson other) => $"{word}: [{other.Id} {other.Title}]({other.Id}-{other.Name}.md)";
    }
}
