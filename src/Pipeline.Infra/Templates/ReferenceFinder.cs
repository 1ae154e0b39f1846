namespace Pipeline.Infra;

/// <summary>Collects what Ref, GetAtt, Sub and DependsOn name.</summary>
internal static class ReferenceFinder
{
    internal static void Find(DocumentNode node, List<TemplateReference> found)
    {
        if (node is ListNode list)
        {
            foreach (DocumentNode item in list.Items)
                Find(item, found);
        }
        else if (node is MapNode map)
        {
            if (map.Entries.Count == 1 && FindFunction(map.Entries[0], found))
                return;
            foreach (MapEntry entry in map.Entries)
                Find(entry.Value, found);
        }
    }

    internal static void FindDependsOn(DocumentNode node, List<TemplateReference> found)
    {
        IEnumerable<DocumentNode> all = node is ListNode list ? list.Items : [node];
        found.AddRange(all.OfType<ScalarNode>().Select(name => new TemplateReference(name.Text, name.At, NeedsResource: true)));
    }

    private static bool FindFunction(MapEntry entry, List<TemplateReference> found)
    {
        switch (entry.Key, entry.Value)
        {
            case ("Ref", ScalarNode name):
                found.Add(new TemplateReference(name.Text, name.At, NeedsResource: false));
                return true;
            case ("Fn::GetAtt", ListNode { Items: [ScalarNode name, ..] }):
                found.Add(new TemplateReference(name.Text, name.At, NeedsResource: true));
                return true;
            case ("Fn::GetAtt", ScalarNode dotted):
                found.Add(new TemplateReference(dotted.Text.Split('.')[0], dotted.At, NeedsResource: true));
                return true;
            case ("Fn::Sub", ScalarNode text):
                FindInText(text, null, found);
                return true;
            case ("Fn::Sub", ListNode { Items: [ScalarNode text, MapNode variables] }):
                FindInText(text, variables, found);
                foreach (MapEntry variable in variables.Entries)
                    Find(variable.Value, found);
                return true;
            default:
                return false;
        }
    }

    private static void FindInText(ScalarNode text, MapNode? variables, List<TemplateReference> found)
    {
        foreach (SubstitutionPart part in SubstitutionPart.Split(text.Text))
        {
            if (part.IsName && variables?[part.Text] is null)
                found.Add(new TemplateReference(part.Text.Split('.')[0], text.At, part.Text.Contains('.', StringComparison.Ordinal) && !part.Text.StartsWith("AWS::", StringComparison.Ordinal)));
        }
    }
}
