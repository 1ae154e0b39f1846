namespace Pipeline.Infra;

/// <summary>Looks a value up in the section Mappings.</summary>
internal static class MappingFunction
{
    internal static Value Find(ListNode operands, Resolver resolver, TemplateScope scope, MapEntry call)
    {
        if (operands.Items.Count < 3)
            throw new TemplateException(call.KeyAt, "Fn::FindInMap takes the name of a mapping and two keys.");
        string[] keys = new string[3];
        for (int i = 0; i < 3; i++)
        {
            Value key = resolver.Resolve(operands.Items[i]);
            if (key is UnknownValue)
                return key;
            if (key is not TextValue text)
                return IntrinsicFunctions.NotTold(call, $"the key '{key.Key}' is decided by the deployment.");
            keys[i] = text.Content;
        }

        if (scope.Section("Mappings")?[keys[0]] is not MapNode mapping)
            throw new TemplateException(call.KeyAt, $"there is no mapping '{keys[0]}'.{Spelling.Suggest(keys[0], scope.Section("Mappings")?.Entries.Select(e => e.Key) ?? [])}");
        if (mapping[keys[1]] is MapNode second && second[keys[2]] is { } found)
            return resolver.Resolve(found);
        if (operands.Items.Count > 3 && operands.Items[3] is MapNode fallback && fallback["DefaultValue"] is { } value)
            return resolver.Resolve(value);
        return new UnknownValue(new Gap(keys[0], $"{keys[1]}.{keys[2]}", call.KeyAt, "the mapping has no such keys.", keys[1] == scope.Settings.Region ? "Give a region that the mapping knows with --region." : "Give parameters that lead to a key of the mapping."));
    }
}
