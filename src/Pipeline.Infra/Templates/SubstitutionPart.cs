namespace Pipeline.Infra;

/// <summary>A piece of the text of <c>Fn::Sub</c>: literal, or the name between "${" and "}".</summary>
internal readonly record struct SubstitutionPart(string Text, bool IsName)
{
    internal static IEnumerable<SubstitutionPart> Split(string text)
    {
        int position = 0;
        while (position < text.Length)
        {
            int open = text.IndexOf("${", position, StringComparison.Ordinal);
            int close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                yield return new SubstitutionPart(text[position..], false);
                yield break;
            }

            if (open > position)
                yield return new SubstitutionPart(text[position..open], false);
            string name = text[(open + 2)..close].Trim();
            // "${!Name}" is the literal "${Name}".
            yield return name.StartsWith('!') ? new SubstitutionPart("${" + name[1..] + "}", false) : new SubstitutionPart(name, true);
            position = close + 1;
        }
    }
}
