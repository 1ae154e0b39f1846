namespace Pipeline.Infra;

/// <summary>Lists every single change of a network: each rule dropped, widened, narrowed, turned or moved, each subnet under another table or ACL.</summary>
internal static class MutationList
{
    private static readonly Cidr s_everywhere = Cidr.Parse("0.0.0.0/0");

    internal static IEnumerable<Mutation> Of(NetworkModel model)
    {
        for (int g = 0; g < model.Groups.Count; g++)
        {
            foreach (Mutation mutation in OfRules(model.Groups[g], g, isIngress: true).Concat(OfRules(model.Groups[g], g, isIngress: false)))
                yield return mutation;
        }

        for (int a = 0; a < model.Acls.Count; a++)
        {
            foreach (Mutation mutation in OfAcl(model.Acls[a], a))
                yield return mutation;
        }

        foreach (Mutation mutation in OfTables(model).Concat(OfSubnets(model)).Concat(OfInterfaces(model)))
            yield return mutation;
    }

    private static IEnumerable<Mutation> OfRules(SecurityGroup group, int g, bool isIngress)
    {
        List<GroupRule> Rules(NetworkModel m) => isIngress ? m.Groups[g].Ingress : m.Groups[g].Egress;

        string side = isIngress ? "ingress" : "egress";
        List<GroupRule> rules = isIngress ? group.Ingress : group.Egress;
        for (int r = 0; r < rules.Count; r++)
        {
            int index = r;
            GroupRule rule = rules[r];
            string subject = $"{side} rule {rule.Match} of group {group.Name}";
            yield return new Mutation("drop", subject, rule.At, m => Rules(m).RemoveAt(index));
            yield return new Mutation("widen", $"{subject}, to all ports", rule.At, m => Rules(m)[index].Match = PortMatch.All);
            yield return new Mutation("widen", $"{subject}, to every address", rule.At, m =>
            {
                Rules(m)[index].Block = s_everywhere;
                Rules(m)[index].Group = null;
                Rules(m)[index].PrefixList = null;
            });
            if (rule.Match.Protocol >= 0)
                yield return new Mutation("narrow", $"{subject}, to port 1", rule.At, m => Rules(m)[index].Match = rule.Match with { Ports = new Interval(1, 1) });
        }

        yield return new Mutation("widen", $"{side} rule added to group {group.Name}: tcp/22 everywhere", group.At,
            m => Rules(m).Add(new GroupRule { At = group.At, Match = new PortMatch(Protocols.Tcp, new Interval(22, 22)), Block = s_everywhere }));
    }

    private static IEnumerable<Mutation> OfAcl(NetworkAcl acl, int a)
    {
        for (int e = 0; e < acl.Entries.Count; e++)
        {
            int index = e;
            AclEntry entry = acl.Entries[e];
            if (entry.Block is { IsV6: true })
                continue;
            string subject = $"{(entry.IsEgress ? "egress" : "ingress")} rule {entry.Number} of ACL {acl.Name}";
            yield return new Mutation("drop", subject, entry.At, m => m.Acls[a].Entries.RemoveAt(index));
            yield return new Mutation("allow", $"{subject}, {(entry.IsAllow == true ? "denied" : "allowed")}", entry.At, m => m.Acls[a].Entries[index].IsAllow = entry.IsAllow == false);
            yield return new Mutation("widen", $"{subject}, to every address", entry.At, m => m.Acls[a].Entries[index].Block = s_everywhere);
            yield return new Mutation("widen", $"{subject}, to all traffic", entry.At, m => m.Acls[a].Entries[index].Match = PortMatch.All);
            if (Protocols.HasPorts(entry.Match.Protocol))
                yield return new Mutation("narrow", $"{subject}, to port 1", entry.At, m => m.Acls[a].Entries[index].Match = entry.Match with { Ports = new Interval(1, 1) });
            yield return new Mutation("reorder", $"{subject}, to the front", entry.At, m => m.Acls[a].Entries[index].Number = 0);
            yield return new Mutation("reorder", $"{subject}, to the end", entry.At, m => m.Acls[a].Entries[index].Number = AclEntry.LastNumber - 1);
        }
    }

    private static IEnumerable<Mutation> OfTables(NetworkModel model)
    {
        for (int t = 0; t < model.Tables.Count; t++)
        {
            int table = t;
            for (int r = 0; r < model.Tables[t].Routes.Count; r++)
            {
                int index = r;
                Route route = model.Tables[t].Routes[r];
                string subject = $"route {route.DestinationText} of table {model.Tables[t].Name}";
                yield return new Mutation("drop", subject, route.At, m => m.Tables[table].Routes.RemoveAt(index));
                if (route.Target == RouteTarget.Nat)
                    yield return new Mutation("table", $"{subject}, to the internet gateway", route.At, m => m.Tables[table].Routes[index].Target = RouteTarget.InternetGateway);
                for (int n = 0; n < model.Nats.Count && route.Target == RouteTarget.Nat; n++)
                {
                    int nat = n;
                    if (model.Nats[n] != route.Nat)
                        yield return new Mutation("table", $"{subject}, to NAT gateway {model.Nats[n].Name}", route.At, m => m.Tables[table].Routes[index].Nat = m.Nats[nat]);
                }
            }
        }
    }

    private static IEnumerable<Mutation> OfSubnets(NetworkModel model)
    {
        for (int s = 0; s < model.Subnets.Count; s++)
        {
            int subnet = s;
            Subnet item = model.Subnets[s];
            for (int t = 0; t < model.Tables.Count && item.Table is not null; t++)
            {
                int table = t;
                if (model.Tables[t] != item.Table && model.Tables[t].Vpc == item.Vpc)
                    yield return new Mutation("table", $"subnet {item.Name} under table {model.Tables[t].Name}", item.At, m => m.Subnets[subnet].Table = m.Tables[table]);
            }

            for (int a = 0; a < model.Acls.Count && item.Acl is not null; a++)
            {
                int acl = a;
                if (model.Acls[a] != item.Acl)
                    yield return new Mutation("acl", $"subnet {item.Name} under ACL {model.Acls[a].Name}", item.At, m => m.Subnets[subnet].Acl = m.Acls[acl]);
            }
        }
    }

    // What several layers forbid survives every single change; this takes all of them away around one interface.
    private static void Expose(NetworkModel model, NetworkInterface item, RouteTable table)
    {
        item.IsPublic = true;
        item.Subnet.Table = table;
        item.Subnet.Acl = model.Vpcs.Find(vpc => vpc == item.Subnet.Vpc)!.DefaultAcl;
        foreach (SecurityGroup group in item.Groups)
        {
            group.Ingress.Add(new GroupRule { At = group.At, Match = PortMatch.All, Block = s_everywhere });
            group.Egress.Add(new GroupRule { At = group.At, Match = PortMatch.All, Block = s_everywhere });
        }
    }

    private static IEnumerable<Mutation> OfInterfaces(NetworkModel model)
    {
        for (int i = 0; i < model.Interfaces.Count; i++)
        {
            int index = i;
            NetworkInterface item = model.Interfaces[i];
            if (item.IsPublic == false && item.Kind != InterfaceKind.Endpoint)
                yield return new Mutation("public", $"{item.Name} with a public address", item.Resource.At, m => m.Interfaces[index].IsPublic = true);
            int table = model.Tables.FindIndex(t => t.Vpc == item.Subnet.Vpc && t.Routes.Exists(route => route.Target == RouteTarget.InternetGateway));
            if (table >= 0 && item.Kind != InterfaceKind.Endpoint)
                yield return new Mutation("expose", $"{item.Name} with a public address, a public subnet and open groups", item.Resource.At, m => Expose(m, m.Interfaces[index], m.Tables[table]));
            for (int s = 0; s < model.Subnets.Count; s++)
            {
                int subnet = s;
                if (model.Subnets[s] != item.Subnet && model.Subnets[s].Vpc == item.Subnet.Vpc && model.Subnets[s].Zone == item.Subnet.Zone)
                    yield return new Mutation("move", $"{item.Name} into subnet {model.Subnets[s].Name}", item.Resource.At, m => m.Interfaces[index].Subnet = m.Subnets[subnet]);
            }
        }
    }
}
