namespace Pipeline.Profiling;

/// <summary>Separates the parts of a run that only one worker can do from those that divide.</summary>
internal static class SerialParts
{
    public static IReadOnlyList<SerialPart> Of(RunReport report, PipelineModel model, IReadOnlyList<SerialSection> sections)
    {
        List<(string Name, CauseKind Kind, double Seconds)> parts = [];
        if (report.Source is { } source)
            parts.Add((PipelineBottleneck.SourceName, CauseKind.Source, source.Busy.TotalSeconds));
        for (int i = 0; i < model.Stages.Count; i++)
        {
            StageModel stage = model.Stages[i];
            if (stage.IsSerial)
                parts.Add((stage.Name, KindOf(report, model, i), stage.SecondsPerItem * model.Items));
        }

        parts.AddRange(sections.Select(s => (s.Name, CauseKind.SerialSection, s.Held.TotalSeconds)));
        parts.Add(("garbage collection", CauseKind.GarbageCollection, report.GarbageCollectionPauses.TotalSeconds));
        double work = (model.SourceTimes.Mean + model.Stages.Sum(s => s.SecondsPerItem)) * model.Items;
        return [.. parts.Where(p => p.Seconds > 0 && work > 0).Select(
            p => new SerialPart(p.Name, p.Kind, p.Seconds, p.Seconds / work)).OrderByDescending(p => p.Seconds)];
    }

    /// <summary>A serial stage distributes when parallel work follows it, else it collects.</summary>
    public static CauseKind KindOf(RunReport report, PipelineModel model, int stage)
    {
        if (report.Sink is not null && stage == model.Stages.Count - 1)
            return CauseKind.Sink;
        if (!model.Stages[stage].IsSerial)
            return CauseKind.ParallelStage;
        bool parallelFollows = model.Stages.Skip(stage + 1).Any(s => !s.IsSerial);
        bool parallelBefore = model.Stages.Take(stage).Any(s => !s.IsSerial);
        return parallelFollows && !parallelBefore ? CauseKind.Distribution : CauseKind.Collection;
    }
}
