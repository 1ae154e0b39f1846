using System.Text.Json;

namespace Pipeline.Profiling;

/// <content>The fits of a curve.</content>
internal sealed partial class ProfileJsonWriter
{
    private void WriteCurve(ScalingAnalysis? curve)
    {
        if (curve is null)
            return;
        json.WriteString("model", curve.Model);
        json.WriteString("refusal", curve.Refusal);
        json.WriteStartObject("fits");
        Number("fittedUpTo", curve.Fitted.MaxWorkers);
        Number("baselineSeconds", curve.BaselineSeconds);
        Number("aiccGainOfUsl", curve.AiccGainOfUsl);
        if (curve.Amdahl is { } amdahl)
            WriteAmdahl(amdahl);
        if (curve.KarpFlatt is { } karpFlatt)
            WriteKarpFlatt(karpFlatt);
        if (curve.UslAbsolute is { } absolute)
            WriteUsl("usl", absolute);
        if (curve.Usl is { } relative)
            WriteUsl("uslRelative", relative);
        json.WriteEndObject();
        Array("gustafson", curve.Gustafson, x =>
        {
            Number("workers", x.Workers);
            Number("serialShareOfParallelRun", x.SerialShare);
        });
    }

    private void WriteAmdahl(AmdahlFit fit)
    {
        json.WriteStartObject("amdahl");
        Number("serialSeconds", fit.SerialSeconds);
        Number("parallelSeconds", fit.ParallelSeconds);
        WriteEstimate("serialFraction", fit.SerialFraction, fit.SerialFractionInterval, null);
        WriteEstimate("limit", fit.Limit, fit.LimitInterval, null);
        Number("relativeStandardError", fit.RelativeStandardError);
        json.WriteStartArray("relativeResiduals");
        foreach (double residual in fit.RelativeResiduals)
            json.WriteNumberValue(residual);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteKarpFlatt(KarpFlatt karpFlatt)
    {
        json.WriteStartObject("karpFlatt");
        Array("points", karpFlatt.Points, x =>
        {
            Number("workers", x.Workers);
            Number("value", x.Value);
            Number("low", x.Interval.Low);
            Number("high", x.Interval.High);
        });
        WriteEstimate("slope", karpFlatt.Slope, karpFlatt.SlopeInterval, null);
        json.WriteEndObject();
    }

    private void WriteUsl(string name, UslFit fit)
    {
        json.WriteStartObject(name);
        json.WriteString("weighting", JsonNamingPolicy.CamelCase.ConvertName(fit.Weighting.ToString()));
        WriteParameter("alpha", fit, fit.Alpha, fit.StandardErrors?.Alpha);
        WriteParameter("beta", fit, fit.Beta, fit.StandardErrors?.Beta);
        WriteParameter("gamma", fit, fit.Gamma, fit.StandardErrors?.Gamma);
        Number("residualStandardError", fit.ResidualStandardError);
        json.WriteNumber("degreesOfFreedom", fit.DegreesOfFreedom);
        Number("aicc", fit.Aicc);
        Number("peakWorkers", fit.PeakWorkers);
        Number("peakThroughput", fit.PeakThroughput);
        Number("peakWholeWorkers", fit.PeakWholeWorkers);
        Number("throughputAtPeakWholeWorkers", fit.PeakWholeWorkers is { } n ? fit.ThroughputAt(n) : null);
        Number("contentionLimit", fit.ContentionLimit);
        json.WriteEndObject();
    }

    private void WriteParameter(string name, UslFit fit, double value, double? standardError)
    {
        json.WriteStartObject(name);
        Number("value", value);
        Number("standardError", standardError);
        if (standardError is { } error)
        {
            ConfidenceInterval right = fit.IntervalOf(value, error);
            Number("low", right.Low);
            Number("high", right.High);
            ConfidenceInterval printed = fit.IntervalAsPrintedByR(value, error);
            Number("lowAsPrintedByR", printed.Low);
            Number("highAsPrintedByR", printed.High);
        }

        json.WriteEndObject();
    }
}
