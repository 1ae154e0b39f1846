namespace Pipeline.Infra;

/// <summary>A claim that a user's request finds its way.</summary>
internal sealed record TraceClaim(Location At, string Name, string From, string To, int? Port) : Claim(At)
{
    internal override string Sentence => $"a request to {Name} goes from {From} to {To}";
}
