namespace Pipeline.Profiling;

/// <summary>One change to a pipeline.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="Stage">The stage; null for <see cref="WhatIfKind.Machine"/> and <see cref="WhatIfKind.Batches"/>.</param>
/// <param name="Amount">How much, see the kinds.</param>
public sealed record WhatIf(WhatIfKind Kind, string? Stage, double Amount)
{
    /// <summary>Gets the change in words.</summary>
    public string Text => Kind switch
    {
        WhatIfKind.FasterStage => Invariant($"{Stage} {Amount:0.##}x faster"),
        WhatIfKind.FreeStage => $"{Stage} costs nothing",
        WhatIfKind.MoreWorkers => Invariant($"+{Amount:0} worker{(Amount == 1 ? "" : "s")} for {Stage}"),
        WhatIfKind.LongerQueue => Invariant($"queue of {Stage} {Amount:0.##}x longer"),
        WhatIfKind.Machine => Invariant($"{Amount:0} workers on {Amount:0} cores"),
        _ => Invariant($"batches of {Amount:0}"),
    };

    /// <summary>Applies the change.</summary>
    /// <param name="model">The pipeline as it is.</param>
    /// <returns>The changed pipeline.</returns>
    /// <exception cref="ArgumentException">The change names a stage that the pipeline does not have.</exception>
    public PipelineModel Apply(PipelineModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string stage = Stage ?? "";
        return Kind switch
        {
            WhatIfKind.FasterStage => model.WithStage(stage, s => s with { Times = s.Times.Scaled(1 / Amount) }),
            WhatIfKind.FreeStage => model.WithStage(stage, s => s with { Times = s.Times.Scaled(0), HopSeconds = 0 }),
            WhatIfKind.MoreWorkers => model.WithStage(stage, s => s with { Workers = s.Workers + (int)Amount }),
            WhatIfKind.LongerQueue =>
                model.WithStage(stage, s => s with { Capacity = (int)Math.Ceiling(Math.Max(1, s.Capacity) * Amount) }),
            WhatIfKind.Machine => model.WithWorkers((int)Amount) with { Cores = model.Cores is null ? null : (int)Amount },
            _ => model with { Stages = [.. model.Stages.Select(s => s with { HopSeconds = s.HopSeconds / Amount })] },
        };
    }
}
