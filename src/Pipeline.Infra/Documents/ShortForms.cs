namespace Pipeline.Infra;

/// <summary>The YAML tags of CloudFormation and the functions they stand for.</summary>
internal static class ShortForms
{
    private static readonly HashSet<string> s_functions = new(StringComparer.Ordinal)
    {
        "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue", "Join", "Not", "Or", "Select", "Split", "Sub", "Transform",
        "Length", "ToJsonString", "ForEach", "Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll",
    };

    internal static DocumentNode Expand(Location at, string tag, DocumentNode value)
    {
        string name = tag.TrimStart('!');
        if (name is "Ref" or "Condition")
            return Wrap(at, name, value);
        if (!s_functions.Contains(name))
            throw new TemplateException(at, $"the tag '!{name}' is no function of CloudFormation.{Spelling.Suggest(name, s_functions.Append("Ref"), "!")}");
        if (name == "GetAtt" && value is ScalarNode scalar)
        {
            int dot = scalar.Text.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || dot == scalar.Text.Length - 1)
                throw new TemplateException(at, $"'!GetAtt {scalar.Text}' names no attribute. Write '!GetAtt Resource.Attribute'.");
            value = new ListNode(at, [new ScalarNode(at, scalar.Text[..dot]), new ScalarNode(at, scalar.Text[(dot + 1)..])]);
        }

        return Wrap(at, "Fn::" + name, value);
    }

    private static MapNode Wrap(Location at, string key, DocumentNode value) => new(at, [new MapEntry(key, at, value)]);
}
