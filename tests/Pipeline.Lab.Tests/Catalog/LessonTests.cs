namespace Pipeline.Lab.Tests;

public sealed class LessonTests
{
    public static TheoryData<string> Ids => new(LessonCatalog.All.Select(l => l.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Run_EachLesson_FailsAsExpectedAndProvesItsRepair(string id)
    {
        LessonRun run = LessonCatalog.Find(id)!.Run();

        Assert.Equal(run.Lesson.ExpectedTrace, run.Broken.Counterexample!.Trace.ToString());
        Assert.True(run.Broken.Counterexample.Certificate.IsMinimal);
        Assert.True(run.Repaired.IsProof, run.ProofText);
        Assert.Empty(run.Problems);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Run_WithRandomSearchInstead_ShrinksToTheSameCost(string id)
    {
        Lesson lesson = LessonCatalog.Find(id)!;
        int minimum = lesson.Run().Broken.Counterexample!.Schedule.Cost;
        for (int seed = 0; seed < 20; seed++)
        {
            Counterexample? found = new Explorer().Explore(lesson.Broken, SearchStrategy.Random(seed, 2_000)).Counterexample;
            Assert.NotNull(found);
            Assert.Equal(minimum, found.Schedule.Cost);
        }
    }

    [Fact]
    public void Run_WithoutShrinking_ShowsAnotherTrace()
    {
        // The negative control: were the expected texts what any search finds, they would show nothing about shrinking.
        Explorer explorer = new(new ExplorerOptions { Shrink = false });
        Assert.All(["L1", "L8"], id =>
        {
            Lesson lesson = LessonCatalog.Find(id)!;
            bool differs = Enumerable.Range(0, 20).Any(
                seed => explorer.Explore(lesson.Broken,
                    SearchStrategy.Random(seed)).Counterexample!.Trace.ToString() != lesson.ExpectedTrace);
            Assert.True(differs);
        });
    }

    [Fact]
    public void Problems_RepairThatIsNone_SaysSo()
    {
        Lesson lesson = LessonCatalog.Find("L1")!;
        LessonRun run = (lesson with { Repaired = lesson.Broken }).Run();

        Assert.False(run.Holds);
        Assert.Contains("NOT REPAIRED", run.ProofText, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_OtherTraceThanExpected_SaysSo() =>
        Assert.Contains(
            "the smallest failing run is not the expected one", (LessonCatalog.Find("L3")! with { ExpectedTrace = "" }).Run().Problems);

    [Fact]
    public void All_Lessons_AreTwelveWithDifferentNames()
    {
        Assert.Equal(Enumerable.Range(1, 12).Select(n => $"L{n}"), LessonCatalog.All.Select(l => l.Id));
        Assert.Equal(12, LessonCatalog.All.Select(l => l.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Code_EachLesson_ShowsTheLinesThatRun(string id)
    {
        Lesson lesson = LessonCatalog.Find(id)!;

        Assert.Contains("world.", lesson.BrokenCode, StringComparison.Ordinal);
        Assert.Contains("world.", lesson.FixedCode, StringComparison.Ordinal);
        Assert.NotEqual(lesson.BrokenCode, lesson.FixedCode);
        Assert.All(lesson.BrokenCode.Split('\n').Concat(lesson.FixedCode.Split('\n')), line => Assert.InRange(line.Length, 0, 140));
        Assert.InRange(lesson.Prediction.Correct, 0, lesson.Prediction.Answers.Count - 1);
    }

    [Theory]
    [InlineData("l3")]
    [InlineData("3")]
    [InlineData("opposite-order")]
    public void Find_NumberOrName_FindsTheLesson(string text) => Assert.Equal("L3", LessonCatalog.Find(text)?.Id);

    [Fact]
    public void Find_UnknownName_IsNull() => Assert.Null(LessonCatalog.Find("L13"));
}
