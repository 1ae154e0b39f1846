namespace Pipeline.Infra;

/// <summary>A value that cannot be told from what was given.</summary>
internal sealed record UnknownValue(Gap Gap) : Value
{
    // Two values that hang on the same parameter or export in the same way are equal, whatever they will be.
    internal override string Key => $"${{?{Gap.Resource}.{Gap.Property}}}";
}
