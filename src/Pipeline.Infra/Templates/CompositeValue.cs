namespace Pipeline.Infra;

/// <summary>A text of which some parts are decided by the deployment.</summary>
internal sealed record CompositeValue(IReadOnlyList<Value> Parts) : Value
{
    internal override string Key => string.Concat(Parts.Select(part => part.Key));

    /// <summary>Joins texts, symbols and references; neighboring texts melt into one.</summary>
    internal static Value Create(IEnumerable<Value> parts)
    {
        List<Value> list = new();
        foreach (Value part in parts.SelectMany(p => p is CompositeValue inner ? inner.Parts : [p]))
        {
            if (part is TextValue { Content.Length: 0 })
                continue;
            if (part is TextValue text && list.Count > 0 && list[^1] is TextValue last)
                list[^1] = new TextValue(last.Content + text.Content);
            else
                list.Add(part);
        }

        return list.Count switch
        {
            0 => new TextValue(""),
            1 => list[0],
            _ => new CompositeValue(list),
        };
    }
}
