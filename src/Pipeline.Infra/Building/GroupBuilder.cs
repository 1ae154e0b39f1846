namespace Pipeline.Infra;

/// <summary>Builds security groups from inline rules and from rules that are resources of their own.</summary>
internal static class GroupBuilder
{
    internal static void Build(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::SecurityGroup"))
        {
            SecurityGroup group = new() { Name = resource.Name, Key = resource.Name, At = resource.At };
            context.Groups.Add(resource, group);
            context.Model.Groups.Add(group);
        }

        foreach (ResourceEntry resource in context.OfType("AWS::EC2::SecurityGroup"))
        {
            AddInline(context, resource, "SecurityGroupIngress", context.Groups[resource].Ingress, isIngress: true);
            AddInline(context, resource, "SecurityGroupEgress", context.Groups[resource].Egress, isIngress: false);
        }

        AddSeparate(context, "AWS::EC2::SecurityGroupIngress", isIngress: true);
        AddSeparate(context, "AWS::EC2::SecurityGroupEgress", isIngress: false);
        foreach (SecurityGroup group in context.Groups.Values)
        {
            // AWS adds allow-all to a group without any egress rule; one rule anywhere removes it.
            if (group.Egress.Count == 0)
                AddDefaultEgress(group, null);
            else if (group.Egress.TrueForAll(rule => rule.Gap is { Property: "Condition" }))
                AddDefaultEgress(group, group.Egress[0].Gap);
        }
    }

    internal static void AddDefaultEgress(SecurityGroup group, Gap? gap)
    {
        group.Egress.Add(new GroupRule { At = group.At, Match = PortMatch.All, Block = Cidr.Parse("0.0.0.0/0"), Gap = gap });
        group.Egress.Add(new GroupRule { At = group.At, Match = PortMatch.All, Block = Cidr.Parse("::/0"), Gap = gap });
    }

    private static void AddInline(BuildContext context, ResourceEntry resource, string property, List<GroupRule> rules, bool isIngress)
    {
        Value value = resource.Get(property);
        if (value is UnknownValue or ReferenceValue)
        {
            rules.Add(new GroupRule { At = resource.PlaceOf(property), Match = PortMatch.All, Gap = BuildContext.GapOf(resource, property, value, "the rules are not written here.", "Write them as a list.") });
            return;
        }

        foreach (Value rule in Facts.Items(value))
        {
            if (rule is MapValue map)
                rules.Add(BuildRule(context, resource, property, name => Facts.Entry(map, name), map.At, isIngress, null));
            else
                rules.Add(new GroupRule { At = resource.PlaceOf(property), Match = PortMatch.All, Gap = BuildContext.GapOf(resource, property, rule, "a rule is not written here.", "Write it as a map.") });
        }
    }

    private static void AddSeparate(BuildContext context, string type, bool isIngress)
    {
        foreach (ResourceEntry resource in context.OfType(type))
        {
            string property = resource.Get("GroupId") is AbsentValue ? "GroupName" : "GroupId";
            SecurityGroup group = context.GroupOf(resource, property, resource.Get(property));
            Gap? gap = resource.Exists.Known is null ? BuildContext.ExistenceGap(resource) : null;
            (isIngress ? group.Ingress : group.Egress).Add(BuildRule(context, resource, "", resource.Get, resource.At, isIngress, gap));
        }
    }

    private static GroupRule BuildRule(BuildContext context, ResourceEntry resource, string property, Func<string, Value> get, Location at, bool isIngress, Gap? gap)
    {
        string Path(string name) => property.Length == 0 ? name : $"{property}.{name}";

        GroupRule rule = new() { At = at, Match = PortMatch.All };
        Value protocolValue = get("IpProtocol");
        if (Facts.Text(protocolValue) is not { } protocolText)
        {
            gap ??= At(BuildContext.GapOf(resource, Path("IpProtocol"), protocolValue, "the protocol is not written.", "Write IpProtocol."));
        }
        else if (Protocols.TryParse(protocolText) is not { } protocol)
        {
            throw new TemplateException(at, $"a rule of '{resource.Name}' has the protocol '{protocolText}'. Write tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all.");
        }
        else if (protocol is Protocols.Icmp or Protocols.IcmpV6)
        {
            rule.Match = new PortMatch(protocol, PortMatches.OfIcmp(Facts.Int(get("FromPort")) ?? -1, Facts.Int(get("ToPort")) ?? -1));
            if (get("FromPort") is UnknownValue unknown)
                (rule.Match, gap) = (new PortMatch(protocol, Box.AllPorts), gap ?? At(BuildContext.GapOf(resource, Path("FromPort"), unknown, "", "")));
        }
        else if (!Protocols.HasPorts(protocol))
        {
            rule.Match = new PortMatch(protocol, Box.AllPorts); // Ports of other protocols are ignored, whatever stands there.
        }
        else
        {
            (Interval? ports, string? problem) = PortMatches.OfRange(get("FromPort"), get("ToPort"));
            if (problem is not null)
                throw new TemplateException(at, $"a rule of '{resource.Name}' {problem}");
            if (ports is null)
                gap ??= At(BuildContext.GapOf(resource, Path("FromPort"), get("FromPort") as UnknownValue ?? get("ToPort"), "the ports are not known.", "Write FromPort and ToPort."));
            rule.Match = new PortMatch(protocol, ports ?? Box.AllPorts);
        }

        rule.Gap = gap;
        SetPeer(context, resource, Path, get, at, isIngress, rule);
        return rule;

        Gap At(Gap g) => g with { At = at };
    }

    private static void SetPeer(BuildContext context, ResourceEntry resource, Func<string, string> path, Func<string, Value> get, Location at, bool isIngress, GroupRule rule)
    {
        string side = isIngress ? "Source" : "Destination";
        foreach (string name in (string[])["CidrIp", "CidrIpv6"])
        {
            Value block = get(name);
            if (block is TextValue text)
            {
                rule.Block = Cidr.TryParse(text.Content) ?? throw new TemplateException(at, $"a rule of '{resource.Name}' has {name} '{text.Content}', which is no block of addresses. Write it as 10.0.0.0/16.");
                return;
            }

            if (block is not AbsentValue)
            {
                rule.Gap ??= BuildContext.GapOf(resource, path(name), block, $"the address in '{block.Key}' is given at deployment.", "Write the block, or give its parameter a value.") with { At = at };
                return;
            }
        }

        Value group = get($"{side}SecurityGroupId");
        if (group is AbsentValue)
            group = get($"{side}SecurityGroupName");
        Value list = get($"{side}PrefixListId");
        if (list is not AbsentValue)
        {
            rule.PrefixList = PrefixListBuilder.Get(context, resource, path($"{side}PrefixListId"), list);
            rule.Gap ??= rule.PrefixList.Gap;
        }
        else if (group is not AbsentValue)
        {
            rule.Group = context.GroupOf(resource, path($"{side}SecurityGroupId"), group);
        }
        else
        {
            context.Model.Findings.Add(new Finding("RULE_WITHOUT_PEER", at, $"a rule of {resource.Name} names no peer; AWS refuses it."));
            rule.Gap ??= new Gap(resource.Name, path("CidrIp"), at, "the rule names no peer.", $"Write CidrIp, CidrIpv6, {side}SecurityGroupId or {side}PrefixListId.");
        }
    }
}
