using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>The fields of one profile.</summary>
internal sealed partial class ProfileJsonWriter(Utf8JsonWriter json)
{
    public void WriteReport(ProfileReport report)
    {
        json.WriteString("name", report.Name);
        json.WriteString("verdict", report.Verdict);
        WriteContext(report.Context);
        WriteSamples(report.Curve?.Series);
        WriteSerialFraction(report);
        WriteLimits(report);
        Array("prediction", report.Predictions, WritePrediction);
        WriteCurve(report.Curve);
        Array("score", report.Curve?.Scores ?? [], WriteScore);
        Array("workersForThroughput", report.Curve?.WorkersForThroughput ?? [], x =>
        {
            Number("throughput", x.Throughput);
            Number("workers", x.Workers);
        });
        WriteBottleneck(report.Run);
        WriteRun(report.Run);
        Array("whatIf", report.Run?.WhatIfs ?? [], WriteWhatIf);
        Array("simulation", report.Simulation, WriteSimulated);
        Array("lostTime", report.LostTime, x =>
        {
            json.WriteString("name", x.Name);
            Number("seconds", x.Seconds);
        });
        Array("slowDown", report.SlowDowns, WriteSlowDown);
        WriteComparison(report.Comparison);
        Array("checks", report.Checks, WriteCheck);
    }

    private void WriteContext(ProfileContext? context)
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

    private void WriteSamples(ScalingSeries? series)
    {
        json.WriteString("measure", series is null ? null : JsonNamingPolicy.CamelCase.ConvertName(series.Measure.ToString()));
        Array("samples", series?.Samples ?? [], x =>
        {
            Number("workers", x.Workers);
            Number("seconds", x.Seconds);
            Number("throughput", x.Throughput);
            if (x.Items is not null)
                Number("items", x.Items);
        });
    }

    private void WriteSerialFraction(ProfileReport report)
    {
        if (report.Curve?.Amdahl is { } fit)
        {
            WriteEstimate("serialFraction", fit.SerialFraction, fit.SerialFractionInterval, "amdahl fit");
            return;
        }

        json.WriteStartObject("serialFraction");
        Number("value", report.Curve?.Refusal is not null && report.Run is null ? null : report.Run?.SerialShare);
        json.WriteNull("low");
        json.WriteNull("high");
        json.WriteString("method", report.Run is null ? "refused" : "measured shares");
        json.WriteEndObject();
    }

    private void WriteLimits(ProfileReport report)
    {
        AmdahlFit? fit = report.Curve?.Amdahl;
        json.WriteStartObject("limits");
        Number("noOverlap", report.Run?.Limits.NoOverlap ?? fit?.Limit);
        Number("noOverlapLow", report.Run is null ? fit?.LimitInterval.Low : null);
        Number("noOverlapHigh", report.Run is null ? fit?.LimitInterval.High : null);
        Number("pipeline", report.Run?.Limits.Pipeline);
        json.WriteString("note", report.Run is null
            ? "From points alone only the limit without overlap can be told; the pipeline limit needs the stage times of a run. Null: no limit seen, or not known."
            : "Null: no serial part, so no limit was seen.");
        json.WriteEndObject();
    }

    private void WritePrediction(ScalingPrediction prediction)
    {
        Number("workers", prediction.Workers);
        Number("speedup", prediction.SpeedUp);
        Number("low", prediction.Band?.Low);
        Number("high", prediction.Band?.High);
        Number("seconds", prediction.Seconds);
        Number("throughput", 1 / prediction.Seconds);
        json.WriteString("method", prediction.Method);
        Number("extrapolationRatio", prediction.ExtrapolationRatio);
        Number("ifStageTimesStay", prediction.IfStageTimesStay);
        json.WriteString("reason", prediction.Reason);
    }

    private void WriteSlowDown(SlowDownResult result)
    {
        json.WriteString("stage", result.Stage);
        Number("share", result.Share);
        WriteEstimate("change", result.Change, result.Interval, null);
        Number("simulatedChange", result.SimulatedChange);
        Number("mostSaved", result.MostSaved);
    }

    private void WriteComparison(ProfileComparison? comparison)
    {
        if (comparison is null)
            return;
        json.WriteStartObject("comparison");
        Number("secondsBefore", comparison.Before.Seconds);
        Number("seconds", comparison.Seconds);
        Number("gain", comparison.Gain);
        json.WriteString("made", comparison.Made);
        Number("predictedGain", comparison.PredictedGain);
        Number("error", comparison.Error);
        Array("score", comparison.Scores, WriteScore);
        json.WriteEndObject();
    }

    private void WriteScore(PredictionScore score)
    {
        Number("workers", score.Prediction.Workers);
        Number("measuredSpeedup", score.MeasuredSpeedUp);
        Number("predictedSpeedup", score.Prediction.SpeedUp);
        Number("relativeError", score.RelativeError);
        if (score.InBand is { } inBand)
            json.WriteBoolean("inBand", inBand);
        else
            json.WriteNull("inBand");
    }

    private void WriteBottleneck(RunAnalysis? run)
    {
        if (run is null)
        {
            json.WriteNull("bottleneck");
            return;
        }

        json.WriteStartObject("bottleneck");
        json.WriteString("stage", run.Cause.Names.Count == 0 ? null : run.Cause.Names[0]);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(run.Cause.Kind.ToString()));
        json.WriteStartArray("names");
        foreach (string name in run.Cause.Names)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteString("sentence", run.Cause.Sentence);
        json.WriteEndObject();
    }

    private void WriteRun(RunAnalysis? run)
    {
        if (run is null)
            return;
        json.WriteNumber("items", run.Report.ItemsIn);
        json.WriteNumber("workers", run.Report.Workers);
        Number("elapsedSeconds", run.Report.Elapsed.TotalSeconds);
        Number("speedup", run.SpeedUp);
        Number("processorSeconds", run.Report.ProcessorTime.TotalSeconds);
        Number("backgroundSeconds", run.Model.BackgroundSeconds * run.Model.Items);
        WriteContention(run.Model.Contention);
        Number("workSeconds", run.WorkSpan.WorkSeconds);
        Number("spanSeconds", run.WorkSpan.SpanSeconds);
        Array("serialParts", run.SerialParts, x =>
        {
            json.WriteString("name", x.Name);
            json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(x.Kind.ToString()));
            Number("seconds", x.Seconds);
            Number("share", x.Share);
        });
        StageReport[] parts = [.. (IEnumerable<StageReport>)(run.Report.Source is { } source ? [source] : []), .. run.Report.Stages, .. (IEnumerable<StageReport>)(run.Report.Sink is { } sink ? [sink] : [])];
        Array("stages", parts, WriteStage);
    }

    private void WriteContention(MachineContention? contention)
    {
        if (contention is null)
            return;
        json.WriteStartObject("contention");
        json.WriteNumber("threads", contention.Threads);
        Number("computing", contention.Computing);
        Number("copying", contention.Copying);
        json.WriteEndObject();
    }

    private void WriteStage(StageReport stage)
    {
        json.WriteString("name", stage.Name);
        json.WriteNumber("workers", stage.Workers);
        json.WriteNumber("items", stage.Items);
        Number("busySeconds", stage.Busy.TotalSeconds);
        Number("starvedSeconds", stage.Starved.TotalSeconds);
        Number("blockedSeconds", stage.Blocked.TotalSeconds);
        Number("blockedByAdmissionSeconds", stage.BlockedByAdmission.TotalSeconds);
        Number("orderingSeconds", stage.Ordering.TotalSeconds);
        Number("frameworkSeconds", stage.Framework.TotalSeconds);
        json.WriteNumber("peakQueueLength", stage.PeakQueueLength);
        double[] times = [.. stage.ItemSeconds.Order()];
        if (times.Length > 0)
        {
            json.WriteStartObject("itemSeconds");
            foreach ((string name, double probability) in new[] { ("min", 0.0), ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0) })
                Number(name, Quantile.OfSorted(times, probability));
            json.WriteEndObject();
        }
    }

    private void WriteWhatIf(WhatIfResult result)
    {
        json.WriteString("change", result.Change.Text);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(result.Change.Kind.ToString()));
        json.WriteString("stage", result.Change.Stage);
        Number("amount", result.Change.Amount);
        Number("baselineSeconds", result.BaselineSeconds);
        Number("seconds", result.Seconds);
        Number("gain", result.Gain);
        json.WriteStartArray("nextBottleneck");
        foreach (string name in result.NextBottleneck)
            json.WriteStringValue(name);
        json.WriteEndArray();
        Number("bindsAfter", result.BindsAfter);
    }

    private void WriteSimulated(SimulatedPoint point)
    {
        json.WriteNumber("workers", point.Workers);
        Number("seconds", point.Seconds);
        Number("speedup", point.SpeedUp);
    }

    private void WriteCheck(ProfileCheck check)
    {
        json.WriteString("name", check.Name);
        json.WriteBoolean("passed", check.Passed);
        json.WriteString("text", check.Text);
    }

    private void WriteEstimate(string name, double value, ConfidenceInterval interval, string? method)
    {
        json.WriteStartObject(name);
        Number("value", value);
        Number("low", interval.Low);
        Number("high", interval.High);
        Number("level", interval.Level);
        if (method is not null)
            json.WriteString("method", method);
        json.WriteEndObject();
    }

    private void Array<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Number(string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
