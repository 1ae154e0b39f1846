namespace Pipeline.Profiling;

/// <summary>What sets the pace of a pipeline, by the bottleneck law: none is faster than <c>min(workers / seconds per item)</c> over its stages.</summary>
/// <remarks>
/// Operational analysis (P. J. Denning and J. P. Buzen, Computing Surveys 10(3), 1978). The pace is reached only where stage times do not vary or the queues
/// are long; the simulation tells how much of it a pipeline gets.
/// </remarks>
public sealed record PipelineBottleneck
{
    /// <summary>What is within this share of the slowest pace is named as a tie.</summary>
    public const double TieMargin = 0.05;

    /// <summary>The name under which the source is reported.</summary>
    public const string SourceName = "source";

    /// <summary>The name under which the limit over all stages is reported.</summary>
    public const string ProcessorsName = "processors";

    /// <summary>Gets what binds, the slowest first; more than one when they are within <see cref="TieMargin"/>.</summary>
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
        List<(string Name, double Pace)> paces = StagePaces(model);
        if (ProcessorsOf(model) is { } processors)
        {
            // One stage that alone fills the processors is named itself: naming the processors would hide it.
            double shared = Shared(model, processors, without: null);
            if (shared > paces[0].Pace * (1 + TieMargin))
                return Create([(ProcessorsName, shared)], [.. paces]);
            double others = Shared(model, processors, without: paces[0].Name);
            paces.Add((ProcessorsName, others));
        }

        double least = paces[0].Pace * (1 - TieMargin);
        (string Name, double Pace)[] binding = [.. paces.Where(p => p.Pace >= least && p.Name != ProcessorsName)];
        return Create(binding, [.. paces.Skip(1).OrderByDescending(p => p.Pace).ThenBy(p => p.Name == ProcessorsName)]);
    }

    private static PipelineBottleneck Create((string Name, double Pace)[] binding, (string Name, double Pace)[] rest)
    {
        (string Name, double Pace) next = rest.FirstOrDefault(p => p.Pace > 0);
        return new PipelineBottleneck
        {
            Names = [.. binding.Select(p => p.Name)],
            Next = next.Name,
            Pace = binding[0].Pace,
            NextPace = next.Pace
        };
    }

    /// <summary>The paces of all that can bind alone, slowest first.</summary>
    private static List<(string Name, double Pace)> StagePaces(PipelineModel model) =>
    [
        .. model.Stages
            .Select(s => (s.Name, Pace: Math.Max(s.SecondsPerItem / s.Workers, s.SectionSeconds)))
            .Append((Name: SourceName, Pace: model.SourceTimes.Mean))
            .OrderByDescending(p => p.Pace),
    ];

    private static int? ProcessorsOf(PipelineModel model) =>
        model.Workers is { } workers && model.Cores is { } cores ? Math.Min(workers, cores) : model.Workers ?? model.Cores;

    private static double Shared(PipelineModel model, int processors, string? without) =>
        model.Stages.Where(s => s.NeedsProcessor && s.Name != without).Sum(s => s.SecondsPerItem) / processors;
}
