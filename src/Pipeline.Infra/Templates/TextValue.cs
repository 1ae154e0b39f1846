namespace Pipeline.Infra;

/// <summary>A text, number or truth value that is known.</summary>
internal sealed record TextValue(string Content) : Value
{
    internal override string Key => Content;
}
