namespace Pipeline.Infra;

/// <summary>A value that the account or the region decides: an account number, the second zone of the region.</summary>
internal sealed record SymbolValue(string Name) : Value
{
    internal const string ZonePrefix = "zone:";

    internal override string Key => $"${{{Name}}}";
}
