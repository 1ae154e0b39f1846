using System.Net;
using System.Text.Json;
using Pipeline.Cli.Tests.Support;
using Pipeline.Core;

namespace Pipeline.Cli.Tests.Reports;

/// <summary>What limited a run is said by one analysis, wherever it is told.</summary>
public sealed class VerdictTests
{
    private static readonly RunReport s_busy = SampleResult.Report(10, SampleResult.Stage("decode", 15), SampleResult.Stage("encode", 4));
    private static readonly RunReport s_waiting =
        SampleResult.Report(40, SampleResult.Stage("decode", 15), SampleResult.Stage("encode", 4));

    public static TheoryData<RunReport> Runs =>
        [s_busy, s_waiting, s_busy with { ItemsIn = 2, ItemsCompleted = 1 }, s_busy with { ItemsCompleted = 0 }];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Verdict_AnyRun_IsTheSameSentenceInSummaryJsonAndHtml(RunReport report)
    {
        JobResult result = SampleResult.Job(report);
        JsonElement json = JsonDocument.Parse(RunJson.Write(result)).RootElement;
        JsonElement told = json.GetProperty("bottleneck");
        Assert.Equal(result.Verdict, told.GetProperty("sentence").GetString());
        if (json.TryGetProperty("analysis", out JsonElement analysis))
        {
            Assert.Equal(result.Verdict, analysis.GetProperty("bottleneck").GetProperty("sentence").GetString());
            Assert.Equal(told.GetProperty("stage").GetString(), analysis.GetProperty("bottleneck").GetProperty("stage").GetString());
        }

        Assert.Contains(
            WebUtility.HtmlEncode(result.Verdict), HtmlReport.Write(result, Path.GetFullPath("."), _ => null), StringComparison.Ordinal);
        using StringWriter summary = new();
        await Summary.WriteAsync(result, Task.FromResult(result), summary, isTerminal: false);
        Assert.Equal(report.ItemsCompleted > 0, summary.ToString().Contains($"Bottleneck: {result.Verdict}", StringComparison.Ordinal));
    }

    [Fact]
    public void Analyzed_NoDocumentAsked_FindsTheCauseAlone()
    {
        JobResult result = SampleResult.Job(s_busy);
        JobResult plain =
            (result with { Settings = result.Settings with { Json = null, Report = null }, Cause = null, Profile = null }).Analyzed();
        Assert.Equal(result.Verdict, plain.Verdict);
        Assert.Null(plain.Profile);
    }

    [Fact]
    public async Task Process_FewPhotos_TellsOneVerdictEverywhere()
    {
        using TempFolder temp = new();
        SamplePhotos.RawFolder(temp["in"], 6);
        CliResult result = await CliRun.RunAsync(
            "process", temp["in"], "--out", temp["out"], "--sizes", "1920,256", "--blur", "0.8", "--sharpen", "0.6", "--no-progress",
            "--json", temp["run.json"], "--report", temp["run.html"]);
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        const string Label = "Bottleneck: ";
        string sentence = result.Out.Split('\n').Single(line => line.StartsWith(Label, StringComparison.Ordinal))[Label.Length..];
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(temp["run.json"], TestContext.Current.CancellationToken));
        Assert.Equal(sentence, json.RootElement.GetProperty("bottleneck").GetProperty("sentence").GetString());
        Assert.Equal(sentence, json.RootElement.GetProperty("analysis").GetProperty("bottleneck").GetProperty("sentence").GetString());
        string html = await File.ReadAllTextAsync(temp["run.html"], TestContext.Current.CancellationToken);
        Assert.Contains($"<p class=\"verdict\">{WebUtility.HtmlEncode(sentence)}</p>", html, StringComparison.Ordinal);
    }
}
