namespace Pipeline.Infra;

/// <summary>The outcome of a condition: true, false, or not to be told because of a gap.</summary>
internal readonly record struct Truth(bool? Known, Gap? Gap)
{
    internal static Truth Of(bool value) => new(value, null);

    internal static Truth Unknown(Gap gap) => new(null, gap);
}
