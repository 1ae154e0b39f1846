namespace Pipeline.Infra;

/// <summary>Splits texts, also those with parts that the deployment decides.</summary>
internal static class TextFunctions
{
    internal static Value Split(string separator, Value text, MapEntry call)
    {
        if (text is UnknownValue)
            return text;
        if (text is ListValue list)
            return list; // A list that a parameter of a nested stack carries as a text.
        if (separator.Length == 0)
            throw new TemplateException(call.KeyAt, "Fn::Split has an empty separator. Give one character or more.");
        IReadOnlyList<Value> parts = text is CompositeValue composite ? composite.Parts : [text];
        List<List<Value>> pieces = new()
        { new() };
        foreach (Value part in parts)
        {
            if (part is not TextValue known)
            {
                pieces[^1].Add(part);
                continue;
            }

            string[] texts = known.Content.Split(separator);
            pieces[^1].Add(new TextValue(texts[0]));
            foreach (string next in texts.Skip(1))
                pieces.Add([new TextValue(next)]);
        }

        return new ListValue([.. pieces.Select(CompositeValue.Create)]);
    }
}
