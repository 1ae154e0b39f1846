using System.Text.Json;

namespace Pipeline.Profiling.Tests;

public sealed class AmdahlProfilerTests
{
    [Fact]
    public async Task SweepAsync_Rounds_RunEveryWorkerCountOncePerRoundAfterTheWarmUp()
    {
        List<int> ran = [];
        AmdahlProfiler profiler = new("counting", (workers, _) =>
        {
            ran.Add(workers);
            return Task.FromResult(PlantedPipeline.Report(workers));
        });
        IReadOnlyList<SweepRun> runs = await profiler.SweepAsync(
            new SweepOptions { Workers = [1, 2, 4], Repeats = 5, WarmUps = 2 }, TestContext.Current.CancellationToken);
        Assert.Equal([4, 4], ran.Take(2));
        Assert.All(ran.Skip(2).Chunk(3), round => Assert.Equal([1, 2, 4], round.Order()));
        Assert.Equal(15, runs.Count);
        Assert.True(ran.Skip(2).Chunk(3).Select(r => string.Join(',', r)).Distinct().Count() > 1);
    }

    [Fact]
    public async Task ProfileAsync_RunsWithOneAndTwoWorkers_PredictThirtyTwoFromTheStageTimes()
    {
        ProfileReport report = await PlantedPipeline.ProfileAsync([1, 2], [12, 32]);
        Assert.Equal(CauseKind.Processors, report.Run!.Cause.Kind);
        Assert.StartsWith("Cannot tell", report.Curve!.Refusal);
        double truth = PipelineSimulator.Run(PlantedPipeline.Model.WithWorkers(1)).Seconds
            / PipelineSimulator.Run(PlantedPipeline.Model.WithWorkers(32)).Seconds;
        ScalingPrediction far = report.Predictions.Single(p => p.Workers == 32);
        Assert.Null(far.SpeedUp);
        Assert.Equal(truth, far.IfStageTimesStay!.Value, 0.02 * truth);
        Assert.Contains("with 6 workers", far.Reason);
        Assert.NotNull(report.Predictions.Single(p => p.Workers == 12).Band);
    }

    [Fact]
    public async Task ProfileAsync_ToTheSaturatedPipeline_NamesTheCollector()
    {
        ProfileReport report = await PlantedPipeline.ProfileAsync([1, 2, 4, 8, 16], [32]);
        Assert.Equal((CauseKind.Collection, "collect"), (report.Run!.Cause.Kind, Assert.Single(report.Run.Cause.Names)));
        Assert.Equal(40.0 / 3, report.Run.Limits.Pipeline, 0.01);
        Assert.True(report.Checks.Single(c => c.Name == "agreement").Passed);
        LostTime waiting = report.LostTime.MaxBy(l => l.Seconds)!;
        Assert.Equal("no item to work on", report.LostTime.Single(l => l.Name == "no item to work on").Name);
        Assert.Equal(0, report.LostTime.Single(l => l.Name == "stages slower than at one worker").Seconds, 1e-6);
        Assert.DoesNotContain("slower", waiting.Name);
        double lost = report.LostTime.Sum(l => l.Seconds);
        Assert.Equal(
            (16 * PipelineSimulator.Run(PlantedPipeline.Model.WithWorkers(16)).Seconds)
                - PipelineSimulator.Run(PlantedPipeline.Model.WithWorkers(1)).Seconds, lost, 1e-3);
    }

    [Fact]
    public async Task ProfileAsync_BodiesThatTookLonger_SplitsWhatTheyComputedFromWhatTheyWaited()
    {
        // With two workers bodies are busy a tenth longer: 4 of 100 more processor time, the rest is waiting.
        RunReport one = PlantedPipeline.Report(1);
        RunReport two = PlantedPipeline.Report(2);
        TimeSpan work = one.Elapsed;
        StageReport[] slower = [.. two.Stages.Select(s => s.Name == "work" ? s with { Busy = s.Busy + (0.1 * work) } : s)];
        two = two with { Elapsed = two.Elapsed + (0.05 * work), Stages = slower, ProcessorTime = 1.04 * work };
        AmdahlProfiler profiler = new("planted", (n, _) => Task.FromResult(n == 1 ? one with { ProcessorTime = work } : two));
        ProfileReport report = await profiler.ProfileAsync(
            new SweepOptions { Workers = [1, 2], Repeats = 1, WarmUps = 0 }, TestContext.Current.CancellationToken);
        Assert.Equal(0.04 * work.TotalSeconds, Lost("more processor time than at one worker"), 1e-6);
        Assert.Equal(0.06 * work.TotalSeconds, Lost("stages that waited for a processor or a file"), 1e-6);
        Assert.Equal((2 * two.Elapsed.TotalSeconds) - one.Elapsed.TotalSeconds, report.LostTime.Sum(l => l.Seconds), 1e-6);

        double Lost(string name) => report.LostTime.Single(l => l.Name == name).Seconds;
    }

    [Fact]
    public async Task ProfileAsync_RunsThatFinishDifferentItems_AreRefused()
    {
        AmdahlProfiler profiler = new(
            "uneven", (workers, _) => Task.FromResult(PlantedPipeline.Report(workers) with { ItemsCompleted = 10 * workers }));
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => profiler.ProfileAsync(new SweepOptions { Workers = [1, 2] }, TestContext.Current.CancellationToken));
        Assert.Contains("same number", error.Message);
    }

    [Fact]
    public async Task ProfileAsync_RealPipeline_ExplainsIt()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("squares").Stage("square", x => x * x).Build();
        ProfileReport report = await AmdahlProfiler.Of(pipeline, [.. Enumerable.Range(0, 50)]).ProfileAsync(
            new SweepOptions { Workers = [1, 2], Repeats = 2 }, TestContext.Current.CancellationToken);
        Assert.Equal("squares", report.Name);
        Assert.NotEmpty(report.Run!.WhatIfs);
    }

    [Fact]
    public async Task Write_Text_HasTheVerdictOnTheSecondLineAndAboutTenLines()
    {
        using StringWriter text = new();
        ProfileText.Write(text, await PlantedPipeline.ProfileAsync([1, 2, 4, 8, 16], [32]));
        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("Limit now: 'collect'", lines[1]);
        Assert.InRange(lines.Length, 6, 14);
        Assert.Contains("Without overlap at most 10x; as a pipeline at most 13.3x", lines[2]);
    }

    [Fact]
    public async Task Write_Json_HasTheFieldsOfTheSchema()
    {
        using MemoryStream stream = new();
        ProfileJson.Write(stream, [await PlantedPipeline.ProfileAsync([1, 2, 4, 8, 16], [32, 200])]);
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement root = json.RootElement;
        Assert.Equal("pipeline.profile/1", root.GetProperty("schema").GetString());
        Assert.Equal(5, root.GetProperty("samples").GetArrayLength());
        Assert.Equal(10, root.GetProperty("limits").GetProperty("noOverlap").GetDouble(), 0.01);
        Assert.Equal("collect", root.GetProperty("bottleneck").GetProperty("stage").GetString());
        Assert.Equal("simulation", root.GetProperty("prediction")[0].GetProperty("method").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("prediction")[1].GetProperty("speedup").ValueKind);
        foreach (string field in new[] { "serialFraction", "whatIf", "checks", "stages", "lostTime" })
            Assert.True(root.TryGetProperty(field, out _), field);
    }

    [Fact]
    public async Task Write_Html_IsOneFileWithTextAlternativesAndTables()
    {
        RunReport timed = await PipelineBuilder.Start<int>("<timed>").Stage("a & b", x => x).Build()
            .RunAsync(Enumerable.Range(0, 20), new RunOptions { RecordTimeline = true, Workers = 2 },
                TestContext.Current.CancellationToken);
        using StringWriter html = new();
        ProfileHtml.Write(html, [await PlantedPipeline.ProfileAsync([1, 2, 4, 8, 16], [32]), ProfileReports.OfRun(timed)]);
        string page = html.ToString();
        Assert.DoesNotContain("<timed>", page);
        Assert.DoesNotContain("http", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("NaN", page);
        int charts = Count(page, "<svg ");
        Assert.InRange(charts, 7, 12);
        Assert.Equal(charts, Count(page, "<desc id="));
        Assert.Equal(charts, Count(page, "<summary>Numbers of this chart"));

        static int Count(string text, string part) => text.Split(part).Length - 1;
    }

    [Fact]
    public void Write_HtmlOfPointsWithoutPredictions_IsWritten()
    {
        ScalingSeries series = new("<points>", ScalingMeasure.Throughput, [new(1, 1), new(2, 0.6), new(4, 0.4)]);
        using StringWriter html = new();
        ProfileHtml.Write(html, [ProfileReports.OfPoints(series, new ScalingAnalysisOptions { Predict = [] })]);
        Assert.Contains("&lt;points&gt;", html.ToString());
    }
}
