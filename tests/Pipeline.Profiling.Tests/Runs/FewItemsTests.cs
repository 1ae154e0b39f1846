namespace Pipeline.Profiling.Tests;

/// <summary>Jobs of a few photos, with the stage times of real ones on two processors: one sentence, the same whichever way it is asked for.</summary>
public sealed class FewItemsTests
{
    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(12, false)]
    [InlineData(24, false)]
    public void CauseOf_PhotosAlike_AreLimitedByTheTwoWorkers(int photos, bool tellsFilling)
    {
        RunReport report = Photos(photos, longest: 1.75);
        RunCause cause = RunAnalyzer.CauseOf(report);

        Assert.Equal((CauseKind.Processors, "decode"), (cause.Kind, cause.Stage));
        Assert.StartsWith("The 2 workers of the run limit it: all stages together keep them busy, no single stage does.", cause.Sentence);
        Assert.Equal(tellsFilling, cause.Sentence.Contains($"because {photos} items are few"));
        Assert.Equal(cause.Sentence, ProfileReports.OfRun(report).Verdict);
    }

    [Fact]
    public void CauseOf_OnePhotoMuchLongerThanTheOthers_IsSkew()
    {
        RunCause cause = RunAnalyzer.CauseOf(Photos(12, longest: 20));
        Assert.Equal((CauseKind.SkewedItems, "decode"), (cause.Kind, cause.Stage));
    }

    [Fact]
    public void CauseOf_TwoPhotos_AreTooFew()
    {
        RunCause cause = RunAnalyzer.CauseOf(Photos(2, longest: 1, workers: 8));
        Assert.Equal((CauseKind.TooFewItems, "decode"), (cause.Kind, cause.Stage));
        Assert.Contains("2 items cannot keep 8 workers busy", cause.Sentence);
    }

    [Fact]
    public void CauseOf_NothingFinished_SaysSoInsteadOfThrowing()
    {
        RunCause cause = RunAnalyzer.CauseOf(Photos(6, longest: 1) with { ItemsCompleted = 0 });
        Assert.Equal((CauseKind.Unknown, null, 0), (cause.Kind, cause.Stage, cause.Names.Count));
        Assert.StartsWith("Nothing was finished", cause.Sentence);
        Assert.Contains("kept no accounts", RunAnalyzer.CauseOf(Photos(6, longest: 1) with { HasAccounts = false }).Sentence);
    }

    /// <summary>Decode takes a third of the work; of its last photo a multiple of the others, the rest scatters by a fifth.</summary>
    private static RunReport Photos(int count, double longest, int workers = 2)
    {
        StageModel[] stages =
        [
            Stage("decode", 0.080, longest), Stage("resize", 0.060, 1.2), Stage("filter", 0.048, 1.2), Stage("encode", 0.036, 1.2), Stage(
                "store", 0.009, 1.5),
        ];
        return SimulatedReport.Of(new PipelineModel(stages, count) { Workers = workers });

        StageModel Stage(string name, double seconds, double last) => new(name, workers, StageTimes.Measured(
            [.. Enumerable.Range(0, count).Select(i => seconds * (i == count - 1 ? last : 0.9 + (0.2 * (i % 3) / 2)))]));
    }
}
