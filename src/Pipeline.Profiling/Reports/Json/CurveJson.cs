using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>Writes the fits of a curve.</summary>
internal static class CurveJson
{
    public static void Write(Utf8JsonWriter json, ScalingAnalysis curve)
    {
        json.WriteString("model", curve.Model);
        json.WriteString("refusal", curve.Refusal);
        json.WriteStartObject("fits");
        json.Numbers(
            ("fittedUpTo", curve.Fitted.MaxWorkers), ("baselineSeconds", curve.BaselineSeconds), ("aiccGainOfUsl", curve.AiccGainOfUsl));
        if (curve.Amdahl is { } amdahl)
            WriteAmdahl(json, amdahl);
        if (curve.KarpFlatt is { } karpFlatt)
            WriteKarpFlatt(json, karpFlatt);
        if (curve.UslAbsolute is { } absolute)
            WriteUsl(json, "usl", absolute);
        if (curve.Usl is { } relative)
            WriteUsl(json, "uslRelative", relative);
        json.WriteEndObject();
        json.Array("gustafson", curve.Gustafson, x => json.Numbers(("workers", x.Workers), ("serialShareOfParallelRun", x.SerialShare)));
    }

    private static void WriteAmdahl(Utf8JsonWriter json, AmdahlFit fit)
    {
        json.WriteStartObject("amdahl");
        json.Numbers(("serialSeconds", fit.SerialSeconds), ("parallelSeconds", fit.ParallelSeconds));
        json.Estimate("serialFraction", fit.SerialFraction, fit.SerialFractionInterval);
        json.Estimate("limit", fit.Limit, fit.LimitInterval);
        json.Number("relativeStandardError", fit.RelativeStandardError);
        json.WriteStartArray("relativeResiduals");
        foreach (double residual in fit.RelativeResiduals)
            json.WriteNumberValue(residual);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteKarpFlatt(Utf8JsonWriter json, KarpFlatt karpFlatt)
    {
        json.WriteStartObject("karpFlatt");
        json.Array("points", karpFlatt.Points, x =>
            json.Numbers(("workers", x.Workers), ("value", x.Value), ("low", x.Interval.Low), ("high", x.Interval.High)));
        json.Estimate("slope", karpFlatt.Slope, karpFlatt.SlopeInterval);
        json.WriteEndObject();
    }

    private static void WriteUsl(Utf8JsonWriter json, string name, UslFit fit)
    {
        json.WriteStartObject(name);
        json.Kind("weighting", fit.Weighting);
        WriteParameter(json, "alpha", fit, fit.Alpha, fit.StandardErrors?.Alpha);
        WriteParameter(json, "beta", fit, fit.Beta, fit.StandardErrors?.Beta);
        WriteParameter(json, "gamma", fit, fit.Gamma, fit.StandardErrors?.Gamma);
        json.Numbers(
            ("residualStandardError", fit.ResidualStandardError),
            ("degreesOfFreedom", fit.DegreesOfFreedom),
            ("aicc", fit.Aicc),
            ("peakWorkers", fit.PeakWorkers),
            ("peakThroughput", fit.PeakThroughput),
            ("peakWholeWorkers", fit.PeakWholeWorkers),
            ("throughputAtPeakWholeWorkers", fit.PeakWholeWorkers is { } n ? fit.ThroughputAt(n) : null),
            ("contentionLimit", fit.ContentionLimit));
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, UslFit fit, double value, double? standardError)
    {
        if (standardError is not { } error)
        {
            json.Object(name, ("value", value), ("standardError", null));
            return;
        }

        ConfidenceInterval right = fit.IntervalOf(value, error);
        ConfidenceInterval printed = fit.IntervalAsPrintedByR(value, error);
        json.Object(
            name,
            ("value", value),
            ("standardError", error),
            ("low", right.Low),
            ("high", right.High),
            ("lowAsPrintedByR", printed.Low),
            ("highAsPrintedByR", printed.High));
    }
}
