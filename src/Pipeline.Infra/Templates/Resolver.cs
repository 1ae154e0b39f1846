namespace Pipeline.Infra;

/// <summary>Works out the functions of one template as far as that is possible before a deployment.</summary>
internal sealed class Resolver(TemplateScope scope)
{
    private readonly Dictionary<DocumentNode, Value> _values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Truth> _conditions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    internal Value Resolve(DocumentNode node)
    {
        if (_values.TryGetValue(node, out Value? known))
            return known;
        Value value = node switch
        {
            ScalarNode { IsNull: true } => throw new TemplateException(node.At, "a value is missing here. Write one, or remove the key."),
            ScalarNode scalar => new TextValue(scalar.Text),
            ListNode list => ResolveList(list),
            MapNode map => ResolveMap(map),
            _ => throw new InvalidOperationException(),
        };
        _values[node] = value;
        return value;
    }

    internal Truth Condition(string name, Location at)
    {
        if (_conditions.TryGetValue(name, out Truth known))
            return known;
        MapNode? conditions = scope.Section("Conditions");
        if (conditions?[name] is not { } node)
            throw new TemplateException(at, $"the condition '{name}' is not declared.{Spelling.Suggest(name, conditions?.Entries.Select(e => e.Key) ?? [])} Declare it under 'Conditions'.");
        if (!_open.Add("condition " + name))
            throw new TemplateException(node.At, $"the condition '{name}' depends on itself. Break the circle.");
        Truth truth = ConditionFunctions.Evaluate(node, this);
        _open.Remove("condition " + name);
        _conditions[name] = truth;
        return truth;
    }

    /// <summary>Gets the value of a parameter, a resource or something that AWS provides.</summary>
    internal Value Ref(string name, Location at)
    {
        if (name.StartsWith("AWS::", StringComparison.Ordinal))
            return Pseudo(name, at);
        if (scope.Resources.TryGetValue(name, out ResourceEntry? resource))
            return new ReferenceValue(resource, null);
        if (scope.Section("Parameters")?[name] is { } declaration)
            return ParameterValues.Get(scope, name, declaration);
        if (scope.Gaps.Count > 0)
            return new UnknownValue(new Gap(name, "", at, $"'{name}' is made by a macro.", scope.Gaps[0].Give));
        throw new TemplateException(at, $"there is no resource or parameter '{name}'.{Spelling.Suggest(name, scope.Resources.Keys)} Declare it or correct the name.");
    }

    internal Value Attribute(string name, string attribute, Location at)
    {
        if (!scope.Resources.TryGetValue(name, out ResourceEntry? resource))
            return Ref(name, at) is UnknownValue unknown ? unknown : throw new TemplateException(at, $"'{name}' is no resource, so it has no attribute '{attribute}'. Use Ref.");
        if (resource.Child is { } child && attribute.StartsWith("Outputs.", StringComparison.Ordinal))
            return child.Output(attribute["Outputs.".Length..], at);
        // Attributes that repeat a property are known; the rest is decided by the deployment.
        string? property = (resource.Type, attribute) switch
        {
            ("AWS::EC2::VPC", "CidrBlock") => "CidrBlock",
            ("AWS::EC2::Subnet", "AvailabilityZone") => "AvailabilityZone",
            ("AWS::EC2::Subnet", "CidrBlock") => "CidrBlock",
            ("AWS::EC2::Instance", "AvailabilityZone") => "AvailabilityZone",
            _ => null,
        };
        if (property is not null && resource.Properties?[property] is { } node && _open.Add($"{name}.{attribute}"))
        {
            Value value = Resolve(node);
            _open.Remove($"{name}.{attribute}");
            return value;
        }

        if (resource.Type == "AWS::EC2::VPC" && attribute == "Ipv6CidrBlocks")
            return new ListValue([new TextValue(SyntheticAddresses.Ipv6BlockOf(scope, resource))]);
        // The id that Ref gives as well.
        string[] ids = ["GroupId", "VpcId", "SubnetId", "RouteTableId", "InternetGatewayId", "NatGatewayId", "InstanceId", "AllocationId"];
        if (ids.Contains(attribute) && resource.Type.StartsWith("AWS::EC2::", StringComparison.Ordinal) && resource.Type != "AWS::EC2::EIP" && !(resource.Type == "AWS::EC2::Instance" && attribute == "VpcId"))
            return new ReferenceValue(resource, null);
        return new ReferenceValue(resource, attribute);
    }

    private ListValue ResolveList(ListNode list)
    {
        List<Value> items = new(list.Items.Count);
        foreach (DocumentNode item in list.Items)
        {
            Value value = Resolve(item);
            if (value is not AbsentValue)
                items.Add(value);
        }

        return new ListValue(items);
    }

    private Value ResolveMap(MapNode map)
    {
        if (map.Entries.Count == 1 && IntrinsicFunctions.TryApply(map.Entries[0], this, scope, out Value? result))
            return result;
        Dictionary<string, Value> entries = new(StringComparer.Ordinal);
        Dictionary<string, Location> places = new(StringComparer.Ordinal);
        foreach (MapEntry entry in map.Entries)
        {
            Value value = Resolve(entry.Value);
            if (value is AbsentValue)
                continue;
            entries[entry.Key] = value;
            places[entry.Key] = entry.KeyAt;
        }

        return new MapValue(map.At, entries, places);
    }

    private Value Pseudo(string name, Location at)
    {
        switch (name)
        {
            case "AWS::NoValue":
                return AbsentValue.Instance;
            case "AWS::Region":
                if (!scope.Settings.RegionGiven)
                    scope.Settings.Assumptions["ASSUMPTION_REGION"] = $"the region is {scope.Settings.Region}; --region gives another";
                return new TextValue(scope.Settings.Region);
            case "AWS::Partition":
                return new TextValue("aws");
            case "AWS::URLSuffix":
                return new TextValue("amazonaws.com");
            case "AWS::StackName":
                return new TextValue(scope.StackName);
            case "AWS::AccountId" or "AWS::StackId" or "AWS::NotificationARNs":
                return new SymbolValue(name);
            default:
                string[] known = ["AWS::NoValue", "AWS::Region", "AWS::Partition", "AWS::URLSuffix", "AWS::StackName", "AWS::AccountId", "AWS::StackId", "AWS::NotificationARNs"];
                throw new TemplateException(at, $"'{name}' is no pseudo parameter.{Spelling.Suggest(name, known)}");
        }
    }
}
