using System.Text;

namespace Pipeline.Profiling.Tests;

public sealed class ProfileComparisonTests
{
    [Fact]
    public async Task Of_ChangeThatWasMade_GivesItsPredictedBesideItsObservedGain()
    {
        StoredProfile before = Stored(await PlantedPipeline.ProfileAsync([1, 2, 4], []));
        Assert.Equal((120, 4), (before.Items, before.Workers));
        PipelineModel faster = PlantedPipeline.Model.WithStage("work", s => s with { Times = s.Times.Scaled(0.5) });
        ProfileReport now = await PlantedPipeline.ProfileAsync([4], [], faster);
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
        StoredProfile before = Stored(await PlantedPipeline.ProfileAsync([1, 2], [8, 12, 200]));
        Assert.Equal([8, 12], before.Predictions.Select(p => p.Workers)); // 200 was refused
        ProfileComparison comparison = ProfileComparison.Of(before, await PlantedPipeline.ProfileAsync([1, 8], []));
        PredictionScore score = Assert.Single(comparison.Scores);
        Assert.Equal(8, score.Prediction.Workers);
        Assert.InRange(score.RelativeError!.Value, -0.02, 0.02);
        Assert.True(score.InBand);
        Assert.Null(comparison.Error);
    }

    [Fact]
    public async Task Of_OtherWorkOrUnknownChange_IsRefused()
    {
        StoredProfile before = Stored(await PlantedPipeline.ProfileAsync([1, 2], []));
        ProfileReport other = await PlantedPipeline.ProfileAsync([1, 2], [], PlantedPipeline.Model.WithItems(60));
        Assert.Contains("120 items", Assert.Throws<ArgumentException>(() => ProfileComparison.Of(before, other)).Message);
        ProfileReport same = await PlantedPipeline.ProfileAsync([2], []);
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
}
