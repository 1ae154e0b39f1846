namespace Pipeline.Infra;

/// <summary>One template with the values of its parameters: the names that its functions can use.</summary>
internal sealed class TemplateScope
{
    private static readonly string[] s_sections =
    [
        "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Transform", "Resources", "Outputs", "Hooks",
    ];

    private static readonly string[] s_resourceKeys =
    [
        "Type", "Properties", "DependsOn", "Condition", "Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy", "Version",
    ];

    internal TemplateScope(string file, string stackName, DocumentNode root, TemplateSettings settings)
    {
        File = file;
        StackName = stackName;
        Settings = settings;
        Root = root as MapNode ?? throw new TemplateException(root.At, "a template is a map with a section 'Resources'. Check the first line.");
        foreach (MapEntry entry in Root.Entries)
        {
            if (!s_sections.Contains(entry.Key))
                throw new TemplateException(entry.KeyAt, $"'{entry.Key}' is no section of a template.{Spelling.Suggest(entry.Key, s_sections)}");
        }

        Resolver = new Resolver(this);
        ReadResources();
    }

    internal string File { get; }

    internal string StackName { get; }

    internal MapNode Root { get; }

    internal TemplateSettings Settings { get; }

    internal Resolver Resolver { get; }

    internal Dictionary<string, ResourceEntry> Resources { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets what hides parts of the template from everybody but CloudFormation: macros and loops.</summary>
    internal List<Gap> Gaps { get; } = [];

    internal MapNode? Section(string name) => Root[name] switch
    {
        null => null,
        MapNode map => map,
        ScalarNode { IsNull: true } => null,
        { } other => throw new TemplateException(other.At, $"the section '{name}' is a map of names. Check the indentation."),
    };

    internal Value Output(string name, Location at)
    {
        MapNode? outputs = Section("Outputs");
        if (outputs?[name] is MapNode output && output["Value"] is { } value)
            return Resolver.Resolve(value);
        throw new TemplateException(at, $"the stack of {File} has no output '{name}'.{Spelling.Suggest(name, outputs?.Entries.Select(e => e.Key) ?? [])}");
    }

    private void ReadResources()
    {
        MapNode resources = Section("Resources")
            ?? throw new TemplateException(Root.At, "the template has no section 'Resources'. A template declares at least one resource.");
        if (Root["Transform"] is { } transform)
            ReadTransform(transform);
        foreach (MapEntry entry in resources.Entries)
        {
            if (entry.Key.StartsWith("Fn::", StringComparison.Ordinal))
            {
                string what = entry.Key.Split("::")[1];
                Gaps.Add(new Gap("", entry.Key, entry.KeyAt, $"Fn::{what} makes resources that only CloudFormation sees.", "Give the processed template (aws cloudformation get-template --template-stage Processed)."));
                continue;
            }

            Resources.Add(entry.Key, ReadResource(entry));
        }

        TemplateChecks.CheckReferences(this);
    }

    private ResourceEntry ReadResource(MapEntry entry)
    {
        if (entry.Value is not MapNode node)
            throw new TemplateException(entry.KeyAt, $"the resource '{entry.Key}' is a map with 'Type' and 'Properties'. Check the indentation.");
        foreach (MapEntry key in node.Entries)
        {
            if (!s_resourceKeys.Contains(key.Key))
                throw new TemplateException(key.KeyAt, $"'{key.Key}' is no attribute of a resource ('{entry.Key}').{Spelling.Suggest(key.Key, s_resourceKeys)} Properties stand under 'Properties'.");
        }

        if (node["Type"] is not ScalarNode { IsNull: false } type)
            throw new TemplateException(entry.KeyAt, $"the resource '{entry.Key}' has no 'Type'. Write one, for example 'Type: AWS::EC2::VPC'.");
        if (node["Properties"] is { } properties and not MapNode and not ScalarNode { IsNull: true })
            throw new TemplateException(properties.At, $"'Properties' of '{entry.Key}' is a map of names. Check the indentation.");
        PropertyNames.Check(entry.Key, type, node["Properties"] as MapNode);
        return new ResourceEntry(this, entry.Key, type.Text, entry.KeyAt, node);
    }

    private void ReadTransform(DocumentNode transform)
    {
        IEnumerable<DocumentNode> all = transform is ListNode list ? list.Items : [transform];
        foreach (DocumentNode one in all)
        {
            string name = one is ScalarNode scalar ? scalar.Text : "Fn::Transform";
            // Adds functions only; each of them is refused by itself where it is not modeled.
            if (name == "AWS::LanguageExtensions")
                continue;
            Gaps.Add(new Gap("", "Transform", one.At, $"the macro '{name}' rewrites the template, which only CloudFormation can do.", "Give the processed template (aws cloudformation get-template --template-stage Processed)."));
        }
    }
}
