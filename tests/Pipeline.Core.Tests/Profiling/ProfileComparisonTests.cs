using System.Text;
using Pipeline.Core.Profiling;

namespace Pipeline.Core.Tests.Profiling;

public sealed class ProfileComparisonTests
{
    private static readonly PipelineModel _planted = new(
        [Serial("deal", 0.01), new StageModel("work", 1, StageTimes.Constant(0.36)), Serial("collect", 0.03)], 120)
    {
        Workers = 1,
    };

    [Fact]
    public async Task Of_ChangeThatWasMade_GivesItsPredictedBesideItsObservedGain()
    {
        StoredProfile before = Stored(await Profile(_planted, [1, 2, 4], []));
        Assert.Equal((120, 4), (before.Items, before.Workers));
        PipelineModel faster = _planted.WithStage("work", s => s with { Times = s.Times.Scaled(0.5) });
        ProfileReport now = await Profile(faster, [4], []);
        ProfileComparison comparison = ProfileComparison.Of(before, now, "work 2x faster");
        Assert.Equal(comparison.Gain, comparison.PredictedGain!.Value, 1e-6);
        Assert.InRange(comparison.Gain, 0.5, 1);
        Assert.Equal(0, comparison.Error!.Value, 1e-6);
        Assert.Contains("0.0 points", comparison.Lines().First());
        using StringWriter text = new();
        ProfileText.Write(text, now with { Comparison = comparison });
        Assert.Contains("Compared: ", text.ToString());
    }

    [Fact]
    public async Task Of_WorkerCountsThatWereMeasuredLater_ScoresTheirPredictions()
    {
        StoredProfile before = Stored(await Profile(_planted, [1, 2], [8, 12, 200]));
        Assert.Equal([8, 12], before.Predictions.Select(p => p.Workers)); // 200 was refused
        ProfileComparison comparison = ProfileComparison.Of(before, await Profile(_planted, [1, 8], []));
        PredictionScore score = Assert.Single(comparison.Scores);
        Assert.Equal(8, score.Prediction.Workers);
        Assert.InRange(score.RelativeError!.Value, -0.02, 0.02);
        Assert.True(score.InBand);
        Assert.Null(comparison.Error);
    }

    [Fact]
    public async Task Of_OtherWorkOrUnknownChange_IsRefused()
    {
        StoredProfile before = Stored(await Profile(_planted, [1, 2], []));
        ProfileReport other = await Profile(_planted.WithItems(60), [1, 2], []);
        Assert.Contains("120 items", Assert.Throws<ArgumentException>(() => ProfileComparison.Of(before, other)).Message);
        ProfileReport same = await Profile(_planted, [2], []);
        Assert.Contains("'work 2x faster'", Assert.Throws<ArgumentException>(() => ProfileComparison.Of(before, same, "nothing")).Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"schema\":\"pipeline.run/1\"}")]
    [InlineData("{\"schema\":\"pipeline.profile/1\",\"samples\":[]}")]
    public void Read_NoProfileOfARun_IsRefused(string text)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        Assert.Contains("no profile of a run", Assert.Throws<FormatException>(() => ProfileJson.Read(stream)).Message);
    }

    private static StoredProfile Stored(ProfileReport report)
    {
        using MemoryStream stream = new();
        ProfileJson.Write(stream, [report]);
        stream.Position = 0;
        return ProfileJson.Read(stream);
    }

    private static Task<ProfileReport> Profile(PipelineModel model, int[] workers, int[] predict) =>
        new AmdahlProfiler("planted", (n, _) => Task.FromResult(SimulatedReport.Of(model.WithWorkers(n))))
            .ProfileAsync(new SweepOptions { Workers = workers, Repeats = 1, WarmUps = 0, Predict = predict }, TestContext.Current.CancellationToken);

    private static StageModel Serial(string name, double seconds) => new(name, 1, StageTimes.Constant(seconds)) { FollowsRunWorkers = false };
}
