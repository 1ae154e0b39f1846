namespace Pipeline.Infra;

/// <summary>Builds network ACLs, their entries, and which subnet uses which.</summary>
internal static class AclBuilder
{
    internal static void Build(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::NetworkAcl"))
        {
            NetworkAcl acl = new() { Name = resource.Name, At = resource.At };
            context.Acls.Add(resource, acl);
            context.Model.Acls.Add(acl);
        }

        foreach (ResourceEntry resource in context.OfType("AWS::EC2::NetworkAclEntry"))
        {
            Value owner = resource.Get("NetworkAclId");
            if (owner is ReferenceValue { Attribute: "DefaultNetworkAcl" } ofVpc && context.Vpcs.TryGetValue(ofVpc.Resource, out Vpc? vpc))
                vpc.DefaultAcl.Entries.Add(BuildEntry(context, resource));
            else if (owner is ReferenceValue { Attribute: null or "Id" or "NetworkAclId" } reference && context.Acls.TryGetValue(reference.Resource, out NetworkAcl? acl))
                acl.Entries.Add(BuildEntry(context, resource));
            else if (owner is not TextValue)
                context.Model.GlobalGaps.Add(BuildContext.GapOf(resource, "NetworkAclId", owner, $"the ACL '{owner.Key}' is not in the template.", "Give the template that declares it with --imports."));
        }

        foreach (NetworkAcl acl in context.Model.Acls)
            MarkDuplicates(context, acl);
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::SubnetNetworkAclAssociation"))
        {
            Subnet subnet = context.SubnetOf(resource, "SubnetId", resource.Get("SubnetId"));
            subnet.IsAclExplicit = true;
            if (resource.Get("NetworkAclId") is ReferenceValue reference && context.Acls.TryGetValue(reference.Resource, out NetworkAcl? acl))
                subnet.Acl = acl;
            else if (subnet.Foreign is null)
                subnet.Gaps.Add(BuildContext.GapOf(resource, "NetworkAclId", resource.Get("NetworkAclId"), "the ACL is not in the template.", "Give the template that declares it with --imports."));
        }
    }

    private static AclEntry BuildEntry(BuildContext context, ResourceEntry resource)
    {
        Gap? gap = resource.Exists.Known is null ? BuildContext.ExistenceGap(resource) : null;
        int? number = Facts.Int(resource.Get("RuleNumber"));
        if (number is null)
            gap ??= BuildContext.GapOf(resource, "RuleNumber", resource.Get("RuleNumber"), "the number is not known.", "Write RuleNumber, 1 to 32766.");
        else if (number is < 1 or >= AclEntry.LastNumber)
            throw new TemplateException(resource.PlaceOf("RuleNumber"), $"the entry '{resource.Name}' has the number {number}. Numbers are 1 to 32766.");
        bool? allow = Facts.Text(resource.Get("RuleAction"))?.ToLowerInvariant() switch { "allow" => true, "deny" => false, _ => null };
        if (allow is null)
            gap ??= BuildContext.GapOf(resource, "RuleAction", resource.Get("RuleAction"), "neither allow nor deny.", "Write allow or deny.");
        bool? egress = resource.Get("Egress") is AbsentValue ? false : Facts.Bool(resource.Get("Egress"));
        if (egress is null)
            context.Model.GlobalGaps.Add(BuildContext.GapOf(resource, "Egress", resource.Get("Egress"), "neither true nor false.", "Write true or false."));
        string property = resource.Get("CidrBlock") is AbsentValue ? "Ipv6CidrBlock" : "CidrBlock";
        Cidr? block = null;
        if (resource.Get(property) is TextValue text)
            block = Cidr.TryParse(text.Content) ?? throw new TemplateException(resource.PlaceOf(property), $"the entry '{resource.Name}' has the block '{text.Content}', which is no block of addresses. Write it as 10.0.0.0/16.");
        else
            gap ??= BuildContext.GapOf(resource, property, resource.Get(property), "the addresses are not written as a block.", "Write CidrBlock, or give its parameter a value.");
        return new AclEntry
        {
            At = resource.At,
            Number = number,
            IsEgress = egress ?? false,
            IsAllow = allow,
            Block = block,
            Match = MatchOf(resource, ref gap),
            Gap = gap,
        };
    }

    private static PortMatch MatchOf(ResourceEntry resource, ref Gap? gap)
    {
        Value protocolValue = resource.Get("Protocol");
        if (Facts.Text(protocolValue) is not { } name || Protocols.TryParse(name) is not { } protocol)
        {
            gap ??= BuildContext.GapOf(resource, "Protocol", protocolValue, "the protocol is not a number from -1 to 255.", "Write Protocol: 6 for TCP.");
            return PortMatch.All;
        }

        if (protocol is Protocols.Icmp or Protocols.IcmpV6)
        {
            Value icmp = resource.Get("Icmp");
            return new PortMatch(protocol, PortMatches.OfIcmp(Facts.Int(Facts.Entry(icmp, "Type")) ?? -1, Facts.Int(Facts.Entry(icmp, "Code")) ?? -1));
        }

        if (!Protocols.HasPorts(protocol))
            return new PortMatch(protocol, Box.AllPorts);
        Value range = resource.Get("PortRange");
        if (range is AbsentValue)
            return new PortMatch(protocol, Box.AllPorts);
        (Interval? ports, string? problem) = PortMatches.OfRange(Facts.Entry(range, "From"), Facts.Entry(range, "To"));
        if (ports is null && problem is not null)
            throw new TemplateException(resource.PlaceOf("PortRange"), $"the entry '{resource.Name}' {problem}");
        if (ports is null)
            gap ??= BuildContext.GapOf(resource, "PortRange", Facts.Entry(range, "From") as UnknownValue ?? Facts.Entry(range, "To"), "the ports are not known.", "Write From and To.");
        return new PortMatch(protocol, ports ?? Box.AllPorts);
    }

    // AWS refuses the second entry of one number; which of them is there is not for us to say.
    private static void MarkDuplicates(BuildContext context, NetworkAcl acl)
    {
        foreach (IGrouping<(int? Number, bool IsEgress), AclEntry> group in acl.Entries.Where(e => e.Number is not null && e.At != acl.At).GroupBy(e => (e.Number, e.IsEgress)))
        {
            AclEntry[] entries = [.. group];
            if (entries.Length < 2)
                continue;
            context.Model.Findings.Add(new Finding("ACL_DUPLICATE_RULE_NUMBER", entries[1].At, $"ACL {acl.Name} has two {(group.Key.IsEgress ? "egress" : "ingress")} entries of number {group.Key.Number}; AWS refuses the second."));
            foreach (AclEntry entry in entries)
                entry.Gap ??= new Gap(acl.Name, "RuleNumber", entry.At, $"number {group.Key.Number} is used twice, so one of the entries is refused at deployment.", "Give each entry a number of its own.");
        }
    }
}
