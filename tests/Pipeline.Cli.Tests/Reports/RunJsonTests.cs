using System.Text.Json;
using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Reports;

public sealed class RunJsonTests
{
    private static JsonElement Document() => JsonDocument.Parse(RunJson.Write(SampleResult.Job())).RootElement;

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    [Fact]
    public void Write_Run_HasTheFieldsOfTheSchema()
    {
        JsonElement root = Document();
        Assert.Equal("pipeline.run/1", root.GetProperty("schema").GetString());
        Assert.Superset(
            new HashSet<string> { "schema", "pipeline", "elapsedSeconds", "executor", "items", "memory", "stages", "bottleneck", "outputs",
                "failures" },
            Names(root).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "in", "completed", "failed", "skipped", "unfinished", "resumed" },
            Names(root.GetProperty("items")).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "budgetBytes", "peakInFlightBytes", "peakRssBytes" },
            Names(root.GetProperty("memory")).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "name", "workers", "items", "retries", "failures", "busySeconds", "starvedSeconds", "blockedSeconds",
                "orderingSeconds", "frameworkSeconds" },
            Names(root.GetProperty("stages")[0]).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "source", "path", "width", "height", "format", "bytes", "sha256" },
            Names(root.GetProperty("outputs")[0]).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "source", "stage", "attempts", "error" },
            Names(root.GetProperty("failures")[0]).ToHashSet());
    }

    [Fact]
    public void Write_Run_HasTheAnalysisOfTheRun()
    {
        JsonElement analysis = Document().GetProperty("analysis");
        Assert.Equal("pipeline.profile/1", analysis.GetProperty("schema").GetString());
        Assert.Equal("decode", analysis.GetProperty("bottleneck").GetProperty("stage").GetString());
        Assert.Contains(analysis.GetProperty("whatIf").EnumerateArray(), w => w.GetProperty("change").GetString() == "decode 2x faster");
        Assert.NotEmpty(analysis.GetProperty("checks").EnumerateArray().ToArray());
        JobResult nothing = SampleResult.Job(SampleResult.Report(1) with { ItemsCompleted = 0 });
        Assert.False(JsonDocument.Parse(RunJson.Write(nothing)).RootElement.TryGetProperty("analysis", out _));
    }

    [Fact]
    public void Write_Run_TellsTheNumbersOfTheRun()
    {
        JsonElement root = Document();
        Assert.Equal(10, root.GetProperty("items").GetProperty("in").GetInt64());
        Assert.Equal(15, root.GetProperty("stages")[0].GetProperty("busySeconds").GetDouble());
        Assert.Equal(Path.Combine("out", "a & b_1920.jpg"), root.GetProperty("outputs")[0].GetProperty("path").GetString());
        Assert.Equal(1440, root.GetProperty("outputs")[0].GetProperty("width").GetInt32());
        Assert.Equal("in/<bad>.nef", root.GetProperty("failures")[0].GetProperty("source").GetString());
        Assert.False(root.TryGetProperty("billing", out _));
    }
}
