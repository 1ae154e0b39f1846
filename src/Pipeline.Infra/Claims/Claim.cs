namespace Pipeline.Infra;

/// <summary>One sentence of a claims file.</summary>
internal abstract record Claim(Location At)
{
    internal abstract string Sentence { get; }
}
