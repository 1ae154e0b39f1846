using System.Text.Json;
using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ProfileCommandTests
{
    [Fact]
    public async Task From_PlantedPoints_GivesTheSerialFractionAndThePrediction()
    {
        using TempFolder folder = new();
        string file = folder["points.csv"];
        await File.WriteAllTextAsync(
            file, "# planted s = 0.1\nworkers,seconds\n1,10\n2,5.5\n4,3.25\n8,2.125\n", TestContext.Current.CancellationToken);
        CliResult result = await CliRun.RunAsync("profile", "--from", file, "--json", "-", "--predict", "16,64");
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.Equal("pipeline.profile/1", result.Json.GetProperty("schema").GetString());
        Assert.Equal(0.1, result.Json.GetProperty("serialFraction").GetProperty("value").GetDouble(), 1e-9);
        JsonElement.ArrayEnumerator predictions = result.Json.GetProperty("prediction").EnumerateArray();
        Assert.Equal(6.4, predictions.First().GetProperty("speedup").GetDouble(), 1e-6);
        Assert.Equal(JsonValueKind.Null, predictions.Last().GetProperty("speedup").ValueKind);
        Assert.Contains("with 11 workers", predictions.Last().GetProperty("reason").GetString());
        Assert.Contains("Serial fraction 0.1", result.Error);
    }

    [Fact]
    public async Task From_ScaledSpeedUps_RefusesAndExplains()
    {
        using TempFolder folder = new();
        string file = folder["points.csv"];
        await File.WriteAllTextAsync(
            file, "series,N,scaled_speedup\nbeam,1024,1021\nflow,1024,1016\n", TestContext.Current.CancellationToken);
        CliResult result = await CliRun.RunAsync("profile", "--from", file, "--json", "-");
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        JsonElement[] series = [.. result.Json.GetProperty("series").EnumerateArray()];
        Assert.Equal(2, series.Length);
        Assert.All(series, s => Assert.Equal(JsonValueKind.Null, s.GetProperty("serialFraction").GetProperty("value").ValueKind));
        Assert.All(series, s => Assert.Contains("grew with the workers", s.GetProperty("refusal").GetString()));
    }

    [Fact]
    public async Task From_BadLine_IsWrongUsageWithTheLine()
    {
        using TempFolder folder = new();
        string file = folder["points.csv"];
        await File.WriteAllTextAsync(file, "workers,seconds\n1,ten\n", TestContext.Current.CancellationToken);
        CliResult result = await CliRun.RunAsync("profile", "--from", file);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("points.csv, line 2: 'ten' in column 'seconds'", result.Error);
    }

    [Fact]
    public async Task From_FitUpTo_ScoresWhatWasHeldBack()
    {
        using TempFolder folder = new();
        string file = folder["points.csv"];
        await File.WriteAllTextAsync(file, "workers,seconds\n1,10\n2,5.5\n4,3.25\n16,1.5625\n", TestContext.Current.CancellationToken);
        CliResult result = await CliRun.RunAsync("profile", "--from", file, "--fit-up-to", "4", "--json", "-");
        JsonElement score = Assert.Single(result.Json.GetProperty("score").EnumerateArray().ToArray());
        Assert.Equal(16, score.GetProperty("workers").GetDouble());
        Assert.Equal(0, score.GetProperty("relativeError").GetDouble(), 1e-6);
        Assert.True(score.GetProperty("inBand").GetBoolean());
    }

    [Fact]
    public async Task From_FitUpToBelowTheFirstPoint_IsWrongUsage()
    {
        using TempFolder folder = new();
        string file = folder["points.csv"];
        await File.WriteAllTextAsync(file, "workers,seconds\n4,10\n8,5.5\n16,3\n", TestContext.Current.CancellationToken);
        CliResult result = await CliRun.RunAsync("profile", "--from", file, "--fit-up-to", "2");
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("leaves nothing to fit", result.Error);
    }

    [Fact]
    public async Task From_NoOptions_PredictsThirtyTwoWorkers()
    {
        using TempFolder folder = new();
        string file = folder.Write("points.csv", "workers,seconds\n1,10\n2,5.5\n4,3.25\n8,2.125\n");
        CliResult result = await CliRun.RunAsync("profile", "--from", file, "--json", "-", "--report", folder["r.html"]);
        Assert.Equal(
            32, Assert.Single(result.Json.GetProperty("prediction").EnumerateArray().ToArray()).GetProperty("workers").GetDouble());
    }

    [Theory]
    [InlineData()]
    [InlineData("photos", "--from", "points.csv")]
    public async Task Profile_NothingOrBoth_IsWrongUsage(params string[] arguments)
    {
        CliResult result = await CliRun.RunAsync(["profile", .. arguments]);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains("--from", result.Error);
    }

    [Fact]
    public async Task Profile_Photos_SweepsAndWritesEveryReport()
    {
        using TempFolder folder = new();
        SamplePhotos.RawFolder(folder["photos"], 4);
        string[] files = [folder["r.json"], folder["r.html"], folder["r.csv"], folder["r.trace"]];
        CliResult result = await CliRun.RunAsync(
            "profile", folder["photos"], "--max-workers", "2", "--repeat", "1", "--sizes", "64", "--predict", "2,32",
            "--json", files[0], "--report", files[1], "--csv", files[2], "--trace", files[3]);
        Assert.Equal(ExitCodes.AllDone, result.ExitCode);
        Assert.StartsWith("develop  decode|resize|encode|store", result.Out);
        Assert.Contains("Limit now: ", result.Out);
        Assert.Contains("Run 1 of 3: 2 workers", result.Error);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllBytesAsync(files[0], TestContext.Current.CancellationToken));
        Assert.Equal(4, json.RootElement.GetProperty("items").GetInt64());
        Assert.NotEqual(JsonValueKind.Null, json.RootElement.GetProperty("bottleneck").GetProperty("sentence").ValueKind);
        Assert.Equal("refused", json.RootElement.GetProperty("prediction")[1].GetProperty("method").GetString());
        Assert.Contains("<svg", await File.ReadAllTextAsync(files[1], TestContext.Current.CancellationToken));
        Assert.StartsWith(
            "series,workers,seconds,items\ndevelop,1,", await File.ReadAllTextAsync(files[2], TestContext.Current.CancellationToken));
        using JsonDocument trace = JsonDocument.Parse(await File.ReadAllBytesAsync(files[3], TestContext.Current.CancellationToken));
        Assert.Contains(trace.RootElement.GetProperty("traceEvents").EnumerateArray(), e => e.GetProperty("ph").GetString() == "X");
        Assert.Equal(2, json.RootElement.GetProperty("workers").GetInt32());
    }

    [Fact]
    public async Task Profile_ComparedWithAnEarlierOne_SaysWhatWasPredictedAndWhatCame()
    {
        using TempFolder folder = new();
        SamplePhotos.RawFolder(folder["photos"], 3);
        string[] job = ["profile", folder["photos"], "--max-workers", "1", "--repeat", "1", "--sizes", "64", "--no-progress"];
        CliResult before = await CliRun.RunAsync([.. job, "--blur", "2", "--json", folder["before.json"], "--slow-down", "50"]);
        Assert.Equal(ExitCodes.AllDone, before.ExitCode);
        Assert.Contains("Tested: ", before.Out);
        Assert.Contains("decode 50 % slower: run ", before.Out);
        CliResult after =
            await CliRun.RunAsync([.. job, "--compare", folder["before.json"], "--made", "filter costs nothing", "--json", "-"]);
        Assert.Equal(ExitCodes.AllDone, after.ExitCode);
        Assert.Contains("for 'filter costs nothing'", after.Error);
        JsonElement comparison = after.Json.GetProperty("comparison");
        double gain = comparison.GetProperty("secondsBefore").GetDouble() / comparison.GetProperty("seconds").GetDouble();
        Assert.Equal(gain - 1, comparison.GetProperty("gain").GetDouble(), 1e-9);
        Assert.Equal(
            comparison.GetProperty("predictedGain").GetDouble() - comparison.GetProperty("gain").GetDouble(),
            comparison.GetProperty("error").GetDouble(),
            1e-9);
    }

    [Theory]
    [InlineData("missing.json", null, "cannot be read")]
    [InlineData("photos.csv", null, "no profile of a run")]
    [InlineData(null, "x", "Give that profile with --compare")]
    public async Task Profile_NothingToCompareWith_IsWrongUsageBeforeAnyRun(string? file, string? made, string reason)
    {
        using TempFolder folder = new();
        SamplePhotos.RawFolder(folder["photos"], 1);
        folder.Write("photos.csv", "workers,seconds\n1,10\n");
        List<string> arguments = ["profile", folder["photos"]];
        if (file is not null)
            arguments.AddRange(["--compare", folder[file]]);
        if (made is not null)
            arguments.AddRange(["--made", made]);
        CliResult result = await CliRun.RunAsync([.. arguments]);
        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.Contains(reason, result.Error);
        Assert.DoesNotContain("Run 1", result.Error);
    }
}
