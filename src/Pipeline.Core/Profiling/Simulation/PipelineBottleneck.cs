namespace Pipeline.Core.Profiling;

/// <summary>What sets the pace of a pipeline, by the bottleneck law.</summary>
public sealed record PipelineBottleneck
{
    /// <summary>The name under which the source is reported.</summary>
    public const string SourceName = "source";

    /// <summary>The name under which the limit over all stages is reported.</summary>
    public const string ProcessorsName = "processors";

    /// <summary>Gets what binds, the slowest first; more than one when they are within <see cref="BottleneckLaw.TieMargin"/>.</summary>
    /// <value>Stage names, <see cref="SourceName"/> or <see cref="ProcessorsName"/>.</value>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Gets what would bind if the first of <see cref="Names"/> cost nothing.</summary>
    /// <value>Null when nothing else takes time.</value>
    public required string? Next { get; init; }

    /// <summary>Gets the time between two items that the bottleneck allows.</summary>
    /// <value>Seconds per item.</value>
    public required double Pace { get; init; }

    /// <summary>Gets the time between two items that <see cref="Next"/> allows.</summary>
    /// <value>Seconds per item; 0 when nothing else takes time.</value>
    public required double NextPace { get; init; }

    /// <summary>Gets a value indicating whether more than one part sets the pace.</summary>
    public bool IsTie => Names.Count > 1;

    internal static PipelineBottleneck Of(PipelineModel model)
    {
        List<(string Name, double Pace)> paces = [.. model.Stages.Select(s => (s.Name, s.SecondsPerItem / s.Workers)), (SourceName, model.SourceTimes.Mean)];
        int? processors = model.Workers is { } workers && model.Cores is { } cores ? Math.Min(workers, cores) : model.Workers ?? model.Cores;
        paces = [.. paces.OrderByDescending(p => p.Item2)];
        string slowest = paces[0].Name;
        if (processors is { } limit)
        {
            double shared = model.Stages.Where(s => s.NeedsProcessor).Sum(s => s.SecondsPerItem) / limit;

            // One stage that alone fills the processors is named itself: naming the processors would hide it.
            if (shared > paces[0].Pace * (1 + BottleneckLaw.TieMargin))
                paces.Insert(0, (ProcessorsName, shared));
            else
                paces.Add((ProcessorsName, shared));
        }

        double pace = paces[0].Pace;
        string[] names = [.. paces.Where(p => p.Name != ProcessorsName || paces[0].Name == ProcessorsName).Where(p => p.Pace > 0 && p.Pace >= pace * (1 - BottleneckLaw.TieMargin)).Select(p => p.Name)];
        (string Name, double Pace)[] rest = [.. paces.Where(p => p.Name != paces[0].Name && p.Pace > 0 && (p.Name != ProcessorsName || paces[0].Name == slowest)).OrderByDescending(p => p.Pace)];

        // Without the slowest stage the processors have less to do; only what the other stages need counts.
        if (processors is { } places && paces[0].Name != ProcessorsName)
        {
            double others = model.Stages.Where(s => s.NeedsProcessor && s.Name != paces[0].Name).Sum(s => s.SecondsPerItem) / places;
            rest = [.. rest.Where(p => p.Name != ProcessorsName).Append((ProcessorsName, others)).Where(p => p.Item2 > 0).OrderByDescending(p => p.Item2)];

            // A tie between one stage's pace and the processors it alone fills is that stage.
            if (rest.Length > 1 && rest[0].Name == ProcessorsName && rest[0].Pace <= rest[1].Pace * (1 + BottleneckLaw.TieMargin))
                (rest[0], rest[1]) = (rest[1], rest[0]);
        }

        return new PipelineBottleneck
        {
            Names = names,
            Next = rest.Length == 0 ? null : rest[0].Name,
            Pace = pace,
            NextPace = rest.Length == 0 ? 0 : rest[0].Pace,
        };
    }
}
