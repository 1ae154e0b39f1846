namespace Pipeline.Infra;

/// <summary>Finds the members of tiers. Interfaces that no rule can tell apart are looked at once.</summary>
internal sealed class TierResolver(NetworkModel model, ClaimSet claims)
{
    private readonly Dictionary<(string Name, bool IsSource), TierMembers> _members = [];
    private Cidr[]? _blocks;

    internal TierMembers Get(string name, bool isSource, Location at)
    {
        if (_members.TryGetValue((name, isSource), out TierMembers? known))
            return known;
        TierMembers members = Find(name, isSource, at);
        _members.Add((name, isSource), members);
        return members;
    }

    internal IEnumerable<ResourceEntry> Resources(string name) =>
        claims.Tiers.TryGetValue(name, out TierSelector? selector) ? model.Resources.Where(resource => selector.Matches(resource, GroupsOf(resource))) : [];

    private IEnumerable<SecurityGroup> GroupsOf(ResourceEntry resource) => model.Interfaces.Where(item => item.Resource == resource).SelectMany(item => item.Groups);

    private TierMembers Find(string name, bool isSource, Location at)
    {
        if (name == "internet")
            return new TierMembers(name, [Party.Internet], 0, []);
        if (name == "any")
        {
            // An endpoint answers and opens no connection.
            NetworkInterface[] all = [.. model.Interfaces.Where(item => !isSource || item.Kind != InterfaceKind.Endpoint)];
            return new TierMembers(name, [Party.Internet, .. Classes(all)], all.Length, model.Refused);
        }

        if (!claims.Tiers.TryGetValue(name, out TierSelector? selector) && model.Resources.Exists(resource => resource.LogicalId == name || resource.Name == name))
        {
            selector = new TierSelector { At = at };
            selector.Resources.Add(name);
        }

        if (selector is null)
        {
            return ServiceNames.Known.Contains(name)
                ? new TierMembers(name, [.. ServiceNames.EndpointsOf(name).Select(Party.OfService)], 0, [])
                : throw new TemplateException(at, $"there is no tier '{name}'.{Spelling.Suggest(name, claims.Tiers.Keys.Concat(model.Interfaces.Select(item => item.Resource.LogicalId)))} Name a tier of the claims, a resource, a service, internet or any.");
        }

        NetworkInterface[] items = [.. model.Interfaces.Where(item => selector.Matches(item.Resource, item.Groups))];
        RefusedResource[] refused = [.. model.Refused.Where(resource => selector.Matches(resource.Resource, []))];
        if (items.Length == 0 && refused.Length == 0)
            throw new TemplateException(selector.At, $"the tier '{name}' matches no resource with an interface. A claim about it would say nothing; correct type, tag, resource or group.");
        return new TierMembers(name, Classes(items), items.Length, refused);
    }

    private Party[] Classes(IEnumerable<NetworkInterface> items)
    {
        HashSet<ResourceEntry> balanced = [.. model.LoadBalancers.SelectMany(b => b.Listeners).SelectMany(l => l.Targets).SelectMany(t => t.Targets).Select(t => t.Resource)];
        // Two of each: a pair of single interfaces can talk to each other, one alone cannot.
        return [.. items.GroupBy(item => KeyOf(item, balanced)).SelectMany(group => group.Take(group.First().CanHaveMany ? 1 : 2)).Select(Party.Of)];
    }

    // What a fixed address is to the rules: the written blocks that hold it. Two addresses in the same blocks are treated alike everywhere.
    private string? BlocksOf(NetworkInterface item)
    {
        if (item.FixedAddress is not { } address)
            return null;
        _blocks ??= [.. model.Acls.SelectMany(acl => acl.Entries).Select(entry => entry.Block)
            .Concat(model.Groups.SelectMany(group => group.Ingress.Concat(group.Egress)).Select(rule => rule.Block))
            .Concat(model.Groups.SelectMany(group => group.Ingress.Concat(group.Egress)).SelectMany(rule => rule.PrefixList?.Blocks ?? []).Cast<Cidr?>())
            .Concat(model.Tables.SelectMany(table => table.Routes).Select(route => route.Destination))
            .Concat(model.Tables.SelectMany(table => table.Routes).SelectMany(route => route.PrefixList?.Blocks ?? []).Cast<Cidr?>())
            .OfType<Cidr>().Distinct()];
        return string.Join('|', _blocks.Where(block => block.Range.Contains(address)));
    }

    private object KeyOf(NetworkInterface item, HashSet<ResourceEntry> balanced)
    {
        string groups = string.Join('|', item.Groups.Select(group => group.Key).Order(StringComparer.Ordinal));
        string ports = item.Listening is null ? "?" : string.Join('|', item.Listening);
        return (item.Subnet, groups, item.GroupGap, item.IsPublic, (item.HasIpv6, BlocksOf(item), item.HasGroups, item.CanHaveMany, item.Kind == InterfaceKind.ClassicLoadBalancer),
            item.LoadBalancer, item.EphemeralPorts, (ports, item.IsListeningOnly, item.Endpoint, balanced.Contains(item.Resource) ? item.Resource : null));
    }
}
