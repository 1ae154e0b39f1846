using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>Writes what one run says: what limits it, its stages, and what changes would give.</summary>
internal static class RunAnalysisJson
{
    public static void WriteBottleneck(Utf8JsonWriter json, RunAnalysis? run)
    {
        if (run is null)
        {
            json.WriteNull("bottleneck");
            return;
        }

        json.WriteStartObject("bottleneck");
        json.WriteString("stage", run.Cause.Names.Count == 0 ? null : run.Cause.Names[0]);
        json.Kind("kind", run.Cause.Kind);
        json.Strings("names", run.Cause.Names);
        json.WriteString("sentence", run.Cause.Sentence);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, RunAnalysis run)
    {
        json.Numbers(
            ("items", run.Report.ItemsIn),
            ("workers", run.Report.Workers),
            ("elapsedSeconds", run.Report.Elapsed.TotalSeconds),
            ("speedup", run.SpeedUp),
            ("processorSeconds", run.Report.ProcessorTime.TotalSeconds),
            ("backgroundSeconds", run.Model.BackgroundSeconds * run.Model.Items));
        if (run.Model.Contention is { } contention)
            json.Object(
                "contention", ("threads", contention.Threads), ("computing", contention.Computing), ("copying", contention.Copying));
        json.Numbers(("workSeconds", run.WorkSpan.WorkSeconds), ("spanSeconds", run.WorkSpan.SpanSeconds));
        json.Array("serialParts", run.SerialParts, x =>
        {
            json.WriteString("name", x.Name);
            json.Kind("kind", x.Kind);
            json.Numbers(("seconds", x.Seconds), ("share", x.Share));
        });
        json.Array("stages", RunModel.Parts(run.Report), x => WriteStage(json, x));
    }

    public static void WriteWhatIf(Utf8JsonWriter json, WhatIfResult result)
    {
        json.WriteString("change", result.Change.Text);
        json.Kind("kind", result.Change.Kind);
        json.WriteString("stage", result.Change.Stage);
        json.Numbers(
            ("amount", result.Change.Amount), ("baselineSeconds", result.BaselineSeconds), ("seconds", result.Seconds),
                ("gain", result.Gain));
        json.Strings("nextBottleneck", result.NextBottleneck);
        json.Number("bindsAfter", result.BindsAfter);
    }

    private static void WriteStage(Utf8JsonWriter json, StageReport stage)
    {
        json.WriteString("name", stage.Name);
        json.Numbers(
            ("workers", stage.Workers),
            ("items", stage.Items),
            ("busySeconds", stage.Busy.TotalSeconds),
            ("starvedSeconds", stage.Starved.TotalSeconds),
            ("blockedSeconds", stage.Blocked.TotalSeconds),
            ("blockedByAdmissionSeconds", stage.BlockedByAdmission.TotalSeconds),
            ("orderingSeconds", stage.Ordering.TotalSeconds),
            ("frameworkSeconds", stage.Framework.TotalSeconds),
            ("peakQueueLength", stage.PeakQueueLength));
        double[] times = [.. stage.ItemSeconds.Order()];
        if (times.Length == 0)
            return;
        json.Object(
            "itemSeconds",
            ("min", times[0]),
            ("p50", Quantile.OfSorted(times, 0.5)),
            ("p90", Quantile.OfSorted(times, 0.9)),
            ("p99", Quantile.OfSorted(times, 0.99)),
            ("max", times[^1]));
    }
}
