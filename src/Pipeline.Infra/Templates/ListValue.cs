namespace Pipeline.Infra;

/// <summary>A list of values.</summary>
internal sealed record ListValue(IReadOnlyList<Value> Items) : Value
{
    internal override string Key => $"[{string.Join(", ", Items.Select(item => item.Key))}]";
}
