namespace Pipeline.Infra;

/// <summary>Finds prefix lists: those of the template with their blocks, the others as far as the caller knows them.</summary>
internal static class PrefixListBuilder
{
    internal static void Build(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::PrefixList"))
        {
            PrefixList list = new() { Name = resource.Name };
            foreach (Value entry in Facts.Items(resource.Get("Entries")))
            {
                if (Facts.Text(Facts.Entry(entry, "Cidr")) is { } text && Cidr.TryParse(text) is { } block)
                    list.Blocks.Add(block);
                else
                    list.Gap ??= BuildContext.GapOf(resource, "Entries", Facts.Entry(entry, "Cidr"), "an entry is not written as a block.", "Write its Cidr.");
            }

            if (resource.Get("Entries") is AbsentValue)
                list.Gap = new Gap(resource.Name, "Entries", resource.At, "the entries are not in the template.", "Write them under Entries.");
            context.PrefixLists.Add(resource, list);
        }
    }

    internal static PrefixList Get(BuildContext context, ResourceEntry user, string property, Value value)
    {
        if (value is ReferenceValue reference && context.PrefixLists.TryGetValue(reference.Resource, out PrefixList? list))
            return list;
        if (value is TextValue text && context.PrefixListIds.TryGetValue(text.Content, out string? service))
            return new PrefixList { Name = text.Content, Service = service };
        return new PrefixList
        {
            Name = value.Key,
            Gap = BuildContext.GapOf(user, property, value, $"the content of the prefix list '{value.Key}' is not in the template.", "Say whose addresses it holds in the claims file: 'prefix-lists: { pl-...: s3 }'."),
        };
    }
}
