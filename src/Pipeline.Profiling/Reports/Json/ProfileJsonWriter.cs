using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>Writes the fields of one profile.</summary>
internal static class ProfileJsonWriter
{
    public static void Write(Utf8JsonWriter json, ProfileReport report)
    {
        json.WriteString("name", report.Name);
        json.WriteString("verdict", report.Verdict);
        WriteContext(json, report.Context);
        WriteSamples(json, report.Curve?.Series);
        WriteSerialFraction(json, report);
        WriteLimits(json, report);
        json.Array("prediction", report.Predictions, x => WritePrediction(json, x));
        if (report.Curve is { } curve)
            CurveJson.Write(json, curve);
        json.Array("score", report.Curve?.Scores ?? [], x => WriteScore(json, x));
        json.Array(
            "workersForThroughput", report.Curve?.WorkersForThroughput ?? [], x =>
                json.Numbers(("throughput", x.Throughput), ("workers", x.Workers)));
        RunAnalysisJson.WriteBottleneck(json, report.Run);
        if (report.Run is { } run)
            RunAnalysisJson.Write(json, run);
        json.Array("whatIf", report.Run?.WhatIfs ?? [], x => RunAnalysisJson.WriteWhatIf(json, x));
        json.Array(
            "simulation", report.Simulation, x => json.Numbers(("workers", x.Workers), ("seconds", x.Seconds), ("speedup", x.SpeedUp)));
        json.Array("lostTime", report.LostTime, x =>
        {
            json.WriteString("name", x.Name);
            json.Number("seconds", x.Seconds);
        });
        json.Array("slowDown", report.SlowDowns, x => WriteSlowDown(json, x));
        if (report.Comparison is { } comparison)
            WriteComparison(json, comparison);
        json.Array("checks", report.Checks, x =>
        {
            json.WriteString("name", x.Name);
            json.WriteBoolean("passed", x.Passed);
            json.WriteString("text", x.Text);
        });
    }

    private static void WriteContext(Utf8JsonWriter json, ProfileContext? context)
    {
        if (context is null)
            return;
        json.WriteStartObject("context");
        json.WriteNumber("processors", context.Processors);
        json.WriteString("runtime", context.Runtime);
        json.WriteString("operatingSystem", context.OperatingSystem);
        json.WriteBoolean("serverGarbageCollection", context.ServerGarbageCollection);
        json.WriteEndObject();
    }

    private static void WriteSamples(Utf8JsonWriter json, ScalingSeries? series)
    {
        if (series is null)
            json.WriteNull("measure");
        else
            json.Kind("measure", series.Measure);
        json.Array("samples", series?.Samples ?? [], x =>
        {
            json.Numbers(("workers", x.Workers), ("seconds", x.Seconds), ("throughput", x.Throughput));
            if (x.Items is not null)
                json.Number("items", x.Items);
        });
    }

    private static void WriteSerialFraction(Utf8JsonWriter json, ProfileReport report)
    {
        if (report.Curve?.Amdahl is { } fit)
        {
            json.Estimate("serialFraction", fit.SerialFraction, fit.SerialFractionInterval, "amdahl fit");
            return;
        }

        json.WriteStartObject("serialFraction");
        json.Numbers(("value", report.Run?.SerialShare), ("low", null), ("high", null));
        json.WriteString("method", report.Run is null ? "refused" : "measured shares");
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, ProfileReport report)
    {
        AmdahlFit? fit = report.Curve?.Amdahl;
        PipelineLimits? limits = report.Run?.Limits;
        json.WriteStartObject("limits");
        json.Numbers(
            ("noOverlap", limits?.NoOverlap ?? fit?.Limit),
            ("noOverlapLow", limits is null ? fit?.LimitInterval.Low : null),
            ("noOverlapHigh", limits is null ? fit?.LimitInterval.High : null),
            ("pipeline", limits?.Pipeline));
        json.WriteString("note", limits is null
            ? "From points alone only the limit without overlap can be told; the pipeline limit needs the stage times of a run. "
                + "Null: no limit seen, or not known."
            : "Null: no serial part, so no limit was seen.");
        json.WriteEndObject();
    }

    private static void WritePrediction(Utf8JsonWriter json, ScalingPrediction prediction)
    {
        json.Numbers(
            ("workers", prediction.Workers),
            ("speedup", prediction.SpeedUp),
            ("low", prediction.Band?.Low),
            ("high", prediction.Band?.High),
            ("seconds", prediction.Seconds),
            ("throughput", 1 / prediction.Seconds));
        json.WriteString("method", prediction.Method);
        json.Numbers(("extrapolationRatio", prediction.ExtrapolationRatio), ("ifStageTimesStay", prediction.IfStageTimesStay));
        json.WriteString("reason", prediction.Reason);
    }

    private static void WriteSlowDown(Utf8JsonWriter json, SlowDownResult result)
    {
        json.WriteString("stage", result.Stage);
        json.Number("share", result.Share);
        json.Estimate("change", result.Change, result.Interval);
        json.Numbers(("simulatedChange", result.SimulatedChange), ("mostSaved", result.MostSaved));
    }

    private static void WriteComparison(Utf8JsonWriter json, ProfileComparison comparison)
    {
        json.WriteStartObject("comparison");
        json.Numbers(("secondsBefore", comparison.Before.Seconds), ("seconds", comparison.Seconds), ("gain", comparison.Gain));
        json.WriteString("made", comparison.Made);
        json.Numbers(("predictedGain", comparison.PredictedGain), ("error", comparison.Error));
        json.Array("score", comparison.Scores, x => WriteScore(json, x));
        json.WriteEndObject();
    }

    private static void WriteScore(Utf8JsonWriter json, PredictionScore score)
    {
        json.Numbers(
            ("workers", score.Prediction.Workers),
            ("measuredSpeedup", score.MeasuredSpeedUp),
            ("predictedSpeedup", score.Prediction.SpeedUp),
            ("relativeError", score.RelativeError));
        if (score.InBand is { } inBand)
            json.WriteBoolean("inBand", inBand);
        else
            json.WriteNull("inBand");
    }
}
