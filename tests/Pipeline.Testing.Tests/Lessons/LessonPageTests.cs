using System.Net;
using System.Text.RegularExpressions;
using Pipeline.Testing.Lessons;
using Pipeline.Testing.Lessons.Page;

namespace Pipeline.Testing.Tests.Lessons;

public sealed partial class LessonPageTests
{
    [Theory]
    [InlineData("L1")]
    [InlineData("L3")]
    [InlineData("L6")]
    [InlineData("L9")]
    public async Task Write_SmallestSchedulePlayed_ShowsTheFailureOfTheTool(string id)
    {
        LessonRun run = LessonCatalog.Find(id)!.Run();
        string document = await OpenAsync(run, "smallest");

        Assert.Equal(run.Broken.Counterexample!.Failure.Message, Verdict(document));
        Assert.All(run.Broken.Counterexample.Trace.Steps, step => Assert.Contains(WebUtility.HtmlEncode(step.Text), document, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_LearnerTakesTheGoodOrder_SaysThatNothingIsWrong()
    {
        string document = await OpenAsync(LessonCatalog.Find("L1")!.Run(), "steps=1,1,2,2");
        Assert.StartsWith("Everybody has ended, and nothing is wrong.", Verdict(document), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_Deadlock_DrawsTheCircleOfWaiting()
    {
        string document = await OpenAsync(LessonCatalog.Find("L3")!.Run(), "steps=1,2");

        Assert.Equal(2, Regex.Count(document, "<line class=\"wants\""));
        Assert.Equal(2, Regex.Count(document, "<line class=\"holds\""));
    }

    [Fact]
    public async Task Write_LearnerKillsTheHolder_ShowsWhoWaitsForEver()
    {
        string document = await OpenAsync(LessonCatalog.Find("L9")!.Run(), "steps=1,k1");
        Assert.Contains("worker 2 wants license (held by worker 1, which is gone)", Verdict(document), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EveryLesson_NeedsNothingBesideIt() => Assert.All(LessonCatalog.All.Where(l => l.Id != "L8"), lesson =>
    {
        string page = LessonPage.Write(lesson.Run());
        Assert.DoesNotMatch("(src|href)=", page);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    });

    private static async Task<string> OpenAsync(LessonRun run, string fragment)
    {
        Assert.SkipWhen(Browser.Find() is null, "Chromium is not installed.");
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");
        try
        {
            await File.WriteAllTextAsync(file, LessonPage.Write(run), TestContext.Current.CancellationToken);
            return await Browser.OpenAsync(file, fragment);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Verdict(string document) => WebUtility.HtmlDecode(VerdictText().Match(document).Groups["text"].Value);

    [GeneratedRegex("<div id=\"verdict\"[^>]*>(?<text>.*?)</div>", RegexOptions.Singleline)]
    private static partial Regex VerdictText();
}
