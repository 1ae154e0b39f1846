using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Infra;

/// <summary>Applies one intrinsic function to its operands.</summary>
internal static class IntrinsicFunctions
{
    internal static bool TryApply(MapEntry call, Resolver resolver, TemplateScope scope, [NotNullWhen(true)] out Value? result)
    {
        result = (call.Key, call.Value) switch
        {
            ("Ref", ScalarNode name) => resolver.Ref(name.Text, name.At),
            ("Fn::GetAtt", ListNode { Items: [ScalarNode name, ScalarNode attribute] }) => resolver.Attribute(name.Text, attribute.Text, call.KeyAt),
            ("Fn::GetAtt", ScalarNode dotted) when dotted.Text.Contains('.', StringComparison.Ordinal) =>
                resolver.Attribute(dotted.Text[..dotted.Text.IndexOf('.', StringComparison.Ordinal)], dotted.Text[(dotted.Text.IndexOf('.', StringComparison.Ordinal) + 1)..], call.KeyAt),
            ("Fn::GetAtt", _) => NotTold(call, "the attribute is worked out by CloudFormation."),
            ("Fn::Sub", ScalarNode text) => Substitute(text, null, resolver),
            ("Fn::Sub", ListNode { Items: [ScalarNode text, MapNode variables] }) => Substitute(text, variables, resolver),
            ("Fn::Join", ListNode { Items: [ScalarNode separator, var list] }) => Join(separator.Text, resolver.Resolve(list), call),
            ("Fn::Split", ListNode { Items: [ScalarNode separator, var text] }) => TextFunctions.Split(separator.Text, resolver.Resolve(text), call),
            ("Fn::Select", ListNode { Items: [var index, var list] }) => ListFunctions.Select(resolver.Resolve(index), resolver.Resolve(list), call),
            ("Fn::If", ListNode { Items: [ScalarNode condition, var then, var otherwise] }) => If(condition, then, otherwise, resolver),
            ("Fn::FindInMap", ListNode operands) => MappingFunction.Find(operands, resolver, scope, call),
            ("Fn::GetAZs", _) => new SymbolValue("zones"),
            ("Fn::Cidr", ListNode { Items: [var block, var count, ..] } operands) =>
                CidrFunction.Apply(resolver.Resolve(block), resolver.Resolve(count), operands.Items.Count > 2 ? resolver.Resolve(operands.Items[2]) : null, call),
            ("Fn::Base64", var text) => resolver.Resolve(text) is TextValue known ? new TextValue(known.Content) : NotTold(call, "the encoded text holds values of the deployment."),
            ("Fn::ImportValue", var name) => Import(resolver.Resolve(name), scope, call),
            ("Fn::Length", var list) => resolver.Resolve(list) is ListValue known ? new TextValue($"{known.Items.Count}") : NotTold(call, "the length of the list is decided by the deployment."),
            ("Fn::Transform", _) => NotTold(call, "Fn::Transform is worked out by a macro."),
            ("Condition", ScalarNode name) when scope.Section("Conditions")?[name.Text] is not null && resolver.Condition(name.Text, name.At).Known is { } truth => new TextValue(truth ? "true" : "false"),
            _ => null,
        };
        if (result is not null)
            return true;
        if (call.Key == "Ref")
            throw new TemplateException(call.KeyAt, "Ref takes one name. Write '!Ref Name'.");
        if (!call.Key.StartsWith("Fn::", StringComparison.Ordinal))
            return false;
        string[] known2 = ["Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Split", "Fn::Select", "Fn::If", "Fn::FindInMap", "Fn::GetAZs", "Fn::Cidr", "Fn::Base64", "Fn::ImportValue", "Fn::Length", "Fn::Transform"];
        if (!known2.Contains(call.Key))
        {
            string? meant = Spelling.Nearest(call.Key, known2);
            if (meant is not null)
                throw new TemplateException(call.KeyAt, $"'{call.Key}' is no function of CloudFormation. Did you mean '{meant}'?");
            result = NotTold(call, $"'{call.Key}' is not modeled.");
            return true;
        }

        throw new TemplateException(call.KeyAt, $"'{call.Key}' is called with operands of the wrong number or kind. See the reference of CloudFormation for its form.");
    }

    internal static UnknownValue NotTold(MapEntry call, string reason) => new(new Gap("", call.Key, call.KeyAt, reason, "Write the value itself, or use a parameter."));

    private static Value If(ScalarNode condition, DocumentNode then, DocumentNode otherwise, Resolver resolver)
    {
        Truth truth = resolver.Condition(condition.Text, condition.At);
        if (truth.Known is { } known)
            return resolver.Resolve(known ? then : otherwise);
        Value left = resolver.Resolve(then);
        Value right = resolver.Resolve(otherwise);
        return left.Key == right.Key && left.GetType() == right.GetType() ? left : new UnknownValue(truth.Gap!);
    }

    private static Value Substitute(ScalarNode text, MapNode? variables, Resolver resolver)
    {
        List<Value> parts = new();
        foreach (SubstitutionPart part in SubstitutionPart.Split(text.Text))
        {
            if (!part.IsName)
            {
                parts.Add(new TextValue(part.Text));
                continue;
            }

            int dot = part.Text.IndexOf('.', StringComparison.Ordinal);
            Value value = variables?[part.Text] is { } variable ? resolver.Resolve(variable)
                : dot > 0 ? resolver.Attribute(part.Text[..dot], part.Text[(dot + 1)..], text.At)
                : resolver.Ref(part.Text, text.At);
            if (value is UnknownValue)
                return value;
            parts.Add(value is ListValue list ? new TextValue(string.Join(",", list.Items.Select(item => item.Key))) : value);
        }

        return CompositeValue.Create(parts);
    }

    private static Value Join(string separator, Value list, MapEntry call)
    {
        if (list is UnknownValue)
            return list;
        if (list is not ListValue known)
            return NotTold(call, "the list to join is decided by the deployment.");
        List<Value> parts = new();
        foreach (Value item in known.Items)
        {
            if (item is UnknownValue)
                return item;
            if (parts.Count > 0)
                parts.Add(new TextValue(separator));
            parts.Add(item);
        }

        return CompositeValue.Create(parts);
    }

    private static Value Import(Value name, TemplateScope scope, MapEntry call)
    {
        if (name is UnknownValue)
            return name;
        if (scope.Settings.Exports.TryGetValue(name.Key, out Func<Value>? export))
            return export();
        return new UnknownValue(new Gap(name.Key, "Export", call.KeyAt, "the value is exported by another stack.", $"Give that stack's template with --imports, or a file with the line '{name.Key}: VALUE'."));
    }
}
