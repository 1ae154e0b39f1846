namespace Pipeline.Infra;

/// <summary>Reads templates, the files beside them, and nested stacks from the same folder.</summary>
internal sealed class TemplateLoader(TemplateOptions options)
{
    private const int MaxNesting = 8;

    private readonly List<TemplateScope> _scopes = [];

    internal InfraTemplate Load(IReadOnlyList<(string File, DocumentNode Root)> documents)
    {
        TemplateSettings settings = new() { Region = options.Region ?? "us-east-1", RegionGiven = options.Region is not null };
        ReadParameters(settings);
        foreach ((string file, DocumentNode root) in documents)
            AddScope(file, StackName(file), root, settings);
        CheckParameterNames(settings);
        foreach (string import in options.ImportFiles)
            ReadImport(import, settings);
        foreach (TemplateScope scope in _scopes.ToArray())
            AddNested(scope, 1);
        foreach (TemplateScope scope in _scopes)
            AddExports(scope, settings);
        NameResources();
        return new InfraTemplate(_scopes, new Dictionary<string, string>(options.PrefixLists, StringComparer.Ordinal));
    }

    private static string StackName(string file)
    {
        string name = Path.GetFileName(file);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? name[..dot] : name;
    }

    private static void AddExports(TemplateScope scope, TemplateSettings settings)
    {
        foreach (MapEntry entry in scope.Section("Outputs")?.Entries ?? [])
        {
            if (entry.Value is not MapNode output || output["Export"] is not MapNode export || export["Name"] is not { } nameNode || output["Value"] is not { } value)
                continue;
            if (output["Condition"] is ScalarNode condition && scope.Resolver.Condition(condition.Text, condition.At).Known == false)
                continue;
            Value name = scope.Resolver.Resolve(nameNode);
            if (name is not UnknownValue)
                settings.Exports.TryAdd(name.Key, () => scope.Resolver.Resolve(value));
        }
    }

    private void AddScope(string file, string stackName, DocumentNode root, TemplateSettings settings)
    {
        // A stack name that other templates build export names from is often the value of a parameter of theirs; the file's name stands in.
        _scopes.Add(new TemplateScope(file, stackName, root, settings));
    }

    private void ReadParameters(TemplateSettings settings)
    {
        if (options.ParametersFile is { } path)
        {
            DocumentNode root = DocumentReader.ReadFile(path);
            if (root is MapNode { Entries: [{ Key: "Parameters", Value: { } inner }] })
                root = inner;
            if (root is ListNode list)
            {
                foreach (DocumentNode item in list.Items)
                {
                    if (item is not MapNode pair || pair["ParameterKey"] is not ScalarNode key || pair["ParameterValue"] is not { } value)
                        throw new TemplateException(item.At, "an item of the list is no pair of ParameterKey and ParameterValue.");
                    Give(settings, key.Text, value);
                }
            }
            else if (root is MapNode map)
            {
                foreach (MapEntry entry in map.Entries)
                    Give(settings, entry.Key, entry.Value);
            }
            else
            {
                throw new TemplateException(root.At, "the file of parameters is a map of names, or a list of ParameterKey and ParameterValue.");
            }
        }

        foreach (KeyValuePair<string, string> pair in options.Parameters)
            settings.Parameters[pair.Key] = new GivenParameter(new Location("--parameters", 1), _ => new TextValue(pair.Value));
    }

    private static void Give(TemplateSettings settings, string name, DocumentNode value) =>
        settings.Parameters[name] = new GivenParameter(value.At, scope => scope.Resolver.Resolve(value));

    private void CheckParameterNames(TemplateSettings settings)
    {
        HashSet<string> known = [.. _scopes.SelectMany(scope => scope.Section("Parameters")?.Entries ?? []).Select(entry => entry.Key)];
        foreach (KeyValuePair<string, GivenParameter> given in settings.Parameters)
        {
            if (!known.Contains(given.Key))
                throw new TemplateException(given.Value.At, $"no template has a parameter '{given.Key}'.{Spelling.Suggest(given.Key, known)} Known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }

    private void ReadImport(string import, TemplateSettings settings)
    {
        int equals = import.IndexOf('=', StringComparison.Ordinal);
        string path = equals > 0 ? import[(equals + 1)..] : import;
        DocumentNode root = DocumentReader.ReadFile(path);
        if (root is MapNode map && map["Resources"] is null)
        {
            foreach (MapEntry entry in map.Entries)
            {
                if (entry.Value is not ScalarNode { IsNull: false } scalar)
                    throw new TemplateException(entry.KeyAt, $"the export '{entry.Key}' is a text, or the file is a template with 'Resources' and 'Outputs'.");
                settings.Exports.TryAdd(entry.Key, () => new TextValue(scalar.Text));
            }

            return;
        }

        // An imported template has its own parameters: only their defaults.
        TemplateSettings own = new() { Region = settings.Region, RegionGiven = settings.RegionGiven, Exports = settings.Exports, Assumptions = settings.Assumptions };
        AddScope(path, equals > 0 ? import[..equals] : StackName(path), root, own);
    }

    private void AddNested(TemplateScope scope, int depth)
    {
        foreach (ResourceEntry resource in scope.Resources.Values.ToArray())
        {
            if (resource.Type != "AWS::CloudFormation::Stack" || resource.Exists.Known == false)
                continue;
            if (resource.Get("TemplateURL") is not { } url || FindBeside(scope.File, url.Key) is not { } file)
                continue;
            if (depth > MaxNesting)
                throw new TemplateException(resource.At, $"stacks are nested deeper than {MaxNesting} levels. Check for a stack that contains itself.");
            TemplateSettings settings = new() { Region = scope.Settings.Region, RegionGiven = scope.Settings.RegionGiven, Exports = scope.Settings.Exports, Assumptions = scope.Settings.Assumptions };
            foreach (MapEntry entry in (resource.Properties?["Parameters"] as MapNode)?.Entries ?? [])
                settings.Parameters[entry.Key] = new GivenParameter(entry.KeyAt, _ => scope.Resolver.Resolve(entry.Value));
            TemplateScope child = new(file, $"{scope.StackName}-{resource.LogicalId}", DocumentReader.ReadFile(file), settings);
            resource.Child = child;
            _scopes.Add(child);
            AddNested(child, depth + 1);
        }
    }

    // The path of the address, shortened from the front until a file of the template's own folder has that name.
    private static string? FindBeside(string file, string url)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        string[] parts = url.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts.Skip(i).Any(part => part is ".." || part.Contains("${", StringComparison.Ordinal) || part.Contains(':', StringComparison.Ordinal)))
                continue;
            string candidate = Path.Combine([folder, .. parts.Skip(i)]);
            if (File.Exists(candidate) && Path.GetFullPath(candidate) != Path.GetFullPath(file))
                return candidate;
        }

        return null;
    }

    private void NameResources()
    {
        foreach (IGrouping<string, ResourceEntry> group in _scopes.SelectMany(scope => scope.Resources.Values).GroupBy(resource => resource.LogicalId))
        {
            ResourceEntry[] same = [.. group];
            foreach (ResourceEntry resource in same)
                resource.Name = same.Length == 1 ? resource.LogicalId : $"{resource.Scope.StackName}/{resource.LogicalId}";
        }
    }
}
