using System.Net;
using System.Text.RegularExpressions;

namespace Pipeline.Lab.Tests;

public sealed partial class LessonPageTests
{
    [Theory]
    [InlineData("L1")]
    [InlineData("L3")]
    [InlineData("L6")]
    [InlineData("L8")]
    [InlineData("L9")]
    public async Task Write_SmallestSchedulePlayed_ShowsTheFailureOfTheTool(string id)
    {
        LessonRun run = LessonCatalog.Find(id)!.Run();
        string document = await OpenAsync(run, "smallest");

        Assert.Equal(run.Broken.Counterexample!.Failure.Message, Verdict(document));
        Assert.Contains(
            $"has {Cost(run)}. The smallest that fails has {Cost(run)} ({run.Broken.Counterexample.Certificate.Text}).", document,
            StringComparison.Ordinal);
        Assert.All(
            run.Broken.Counterexample.Trace.Steps, step =>
                Assert.Contains(WebUtility.HtmlEncode(step.Text), document, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_PlayPressed_TakesOneStepAfterTheOther()
    {
        LessonRun run = LessonCatalog.Find("L3")!.Run();
        string press = "<script>document.getElementById('play').click();</script>";

        // Virtual time: the page's timers run at once, and the budget decides how many of them.
        Assert.Equal("Who goes on?", Verdict(await OpenAsync(run, "", press, budgetMilliseconds: 300)));
        Assert.Equal(run.Broken.Counterexample!.Failure.Message, Verdict(await OpenAsync(run, "", press, budgetMilliseconds: 30_000)));
    }

    [Fact]
    public async Task Write_ChoiceWhilePlaying_StopsThePlay()
    {
        string pressThenUndo = "<script>document.getElementById('play').click(); document.getElementById('undo').click();</script>";
        Assert.StartsWith(
            "Nobody has started.",
            Verdict(await OpenAsync(LessonCatalog.Find("L3")!.Run(), "", pressThenUndo, budgetMilliseconds: 30_000)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_DeadlockUndone_CanGoOnAnotherWay()
    {
        LessonRun run = LessonCatalog.Find("L3")!.Run();

        Assert.Equal("Who goes on?", Verdict(await OpenAsync(run, "steps=1,2,u")));
        Assert.StartsWith("Everybody has ended", Verdict(await OpenAsync(run, "steps=1,2,u,1,1,1,2,2,2,2")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_WrongPrediction_ShowsTheRightOneAndWhy()
    {
        LessonRun run = LessonCatalog.Find("L1")!.Run();
        string document = await OpenAsync(run, "", "<script>document.querySelectorAll('#answers button')[0].click();</script>");

        Assert.Contains($"Not so: b is right. {run.Lesson.Prediction.Why}", WebUtility.HtmlDecode(document), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_RepairedProgram_HasNoOrderThatFails()
    {
        // Every state of the page, not one click path: nothing that the learner can do makes the repaired program fail.
        const string judge = "<script>document.getElementById('tab1').click(); document.title = 'failing states: ' + "
            + "program.nodes.filter(n => n.f).length + ' of ' + program.nodes.length;</script>";
        foreach (string id in new[] { "L1", "L3" })
            Assert.Contains(
                "<title>failing states: 0 of ", await OpenAsync(LessonCatalog.Find(id)!.Run(), "", judge), StringComparison.Ordinal);
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
        Assert.Contains("<span class=\"what\">killed</span>", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EveryLesson_NeedsNothingBesideIt() => Assert.All(LessonCatalog.All.Where(l => l.Id != "L8"), lesson =>
    {
        string page = LessonPage.Write(lesson.Run());
        Assert.DoesNotMatch("(src|href)=", page);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    });

    private static string Cost(LessonRun run) => run.Broken.Counterexample!.ToString().Split('\n')[^2].Split(';')[0];

    private static async Task<string> OpenAsync(LessonRun run, string fragment, string script = "", int budgetMilliseconds = 1)
    {
        Assert.SkipWhen(Browser.Find() is null, "Chromium is not installed.");
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");
        try
        {
            await File.WriteAllTextAsync(file, LessonPage.Write(run) + script, TestContext.Current.CancellationToken);
            return await Browser.OpenAsync(file, fragment, budgetMilliseconds);
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
