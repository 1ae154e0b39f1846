namespace Pipeline.Infra;

/// <summary>Finds the value of a parameter: given, default, or not to be told.</summary>
internal static class ParameterValues
{
    internal static Value Get(TemplateScope scope, string name, DocumentNode declaration)
    {
        if (declaration is not MapNode map || map["Type"] is not ScalarNode { IsNull: false } type)
            throw new TemplateException(declaration.At, $"the parameter '{name}' has no 'Type'. Write one, for example 'Type: String'.");
        bool given = scope.Settings.Parameters.TryGetValue(name, out GivenParameter? parameter);
        DocumentNode? standard = map["Default"];
        if (!given && standard is null or ScalarNode { IsNull: true })
            return Unknown(name, map.At, "the parameter has no default.", $"Give it with --parameters, '{name}: VALUE'.");
        if (!given && type.Text.StartsWith("AWS::SSM::Parameter::Value", StringComparison.Ordinal))
            return Unknown(name, map.At, "the value is looked up in the parameter store at deployment.", $"Give the value with --parameters, '{name}: VALUE'.");
        Value value = given ? parameter!.Resolve(scope) : scope.Resolver.Resolve(standard!);
        Location at = given ? parameter!.At : standard!.At;
        if (value is TextValue text)
        {
            CheckAllowed(name, map, text, at);
            bool isList = type.Text == "CommaDelimitedList" || type.Text.StartsWith("List<", StringComparison.Ordinal);
            if (text.Content.Length == 0 && type.Text.StartsWith("AWS::", StringComparison.Ordinal))
                return Unknown(name, map.At, "the value is empty.", $"Give an id with --parameters, '{name}: VALUE'.");
            if (isList)
                return new ListValue([.. text.Content.Split(',').Select(part => new TextValue(part.Trim()))]);
        }

        return value;
    }

    private static void CheckAllowed(string name, MapNode declaration, TextValue value, Location at)
    {
        if (declaration["AllowedValues"] is not ListNode allowed)
            return;
        string[] values = [.. allowed.Items.OfType<ScalarNode>().Select(item => item.Text)];
        if (!values.Contains(value.Content) && !values.Contains(value.Content, StringComparer.OrdinalIgnoreCase))
            throw new TemplateException(at, $"the parameter '{name}' is '{value.Content}'. Allowed are: {string.Join(", ", values)}.");
    }

    private static UnknownValue Unknown(string name, Location at, string reason, string give) => new(new Gap(name, "Parameter", at, reason, give));
}
