namespace Pipeline.Infra;

/// <summary>Works out what the security groups of an interface let through to or from a peer.</summary>
internal static class GroupRules
{
    internal static (PacketSet May, PacketSet Must, List<Gap> Gaps) Compute(NetworkInterface item, bool isEgress, GroupPeer peer)
    {
        List<Box> may = new();
        List<Box> must = new();
        List<Gap> gaps = new();
        if (item.GroupGap is { } gap)
        {
            gaps.Add(gap);
            may.Add(Box.Everything);
        }

        foreach (SecurityGroup group in item.Groups)
        {
            if (group.Foreign is { } foreign)
            {
                gaps.Add(foreign);
                may.Add(Box.Everything);
            }

            foreach (GroupRule rule in isEgress ? group.Egress : group.Ingress)
            {
                (IReadOnlyList<Interval> remote, bool isSure, Gap? why) = Remote(rule, peer);
                if (remote.Count == 0)
                    continue;
                if (!isSure && why is not null)
                    gaps.Add(why);
                foreach (Interval interval in remote)
                {
                    Box box = rule.Match.Box.With(isEgress ? Dimension.Destination : Dimension.Source, interval);
                    may.Add(box);
                    if (isSure && item.GroupGap is null)
                        must.Add(box);
                }
            }
        }

        return (PacketSet.Of(may), PacketSet.Of(must), gaps);
    }

    /// <summary>Finds the rule that lets a packet pass, or says that there is none.</summary>
    internal static StageStep Explain(NetworkInterface item, bool isEgress, GroupPeer peer, Packet packet)
    {
        string direction = isEgress ? "egress" : "ingress";
        string preposition = isEgress ? "to" : "from";
        StageStep? possible = null;
        foreach (SecurityGroup group in item.Groups)
        {
            foreach (GroupRule rule in isEgress ? group.Egress : group.Ingress)
            {
                (IReadOnlyList<Interval> remote, bool isSure, _) = Remote(rule, peer);
                foreach (Interval interval in remote)
                {
                    if (!rule.Match.Box.With(isEgress ? Dimension.Destination : Dimension.Source, interval).Contains(packet))
                        continue;
                    StageStep step = new($"group {group.Name} of {item.Name}: {direction} rule {(isSure ? "allows" : "may allow")} {rule.Match} {preposition} {rule.PeerText}", rule.At);
                    if (isSure)
                        return step;
                    possible ??= step;
                }
            }
        }

        if (possible is { } found)
            return found;
        if (item.GroupGap is { } gap)
            return new StageStep($"the groups of {item.Name} are not known: {gap.Reason}", gap.At);
        if (item.Groups.Find(group => group.Foreign is not null) is { } foreign)
            return new StageStep($"the rules of group {foreign.Name} of {item.Name} are not known", foreign.At);
        string names = string.Join(", ", item.Groups.Select(group => group.Name));
        Location at = item.Groups.Count > 0 ? item.Groups[0].At : item.Resource.At;
        return new StageStep($"group {names} of {item.Name}: no {direction} rule allows it {preposition} {peer.Describe()}", at);
    }

    private static (IReadOnlyList<Interval> Remote, bool IsSure, Gap? Why) Remote(GroupRule rule, GroupPeer peer)
    {
        if (rule.Group is { } group)
        {
            // A group stands for the private addresses of its members only.
            if (peer.Interface is not { } other)
                return ([], true, null);
            if (other.Groups.Contains(group))
                return ([Box.AllAddresses], rule.Gap is null, rule.Gap);
            bool mayBeMember = other.GroupGap is not null || (group.Foreign is not null && other.Groups.Exists(g => g.Foreign is not null));
            return mayBeMember ? ([Box.AllAddresses], false, other.GroupGap ?? group.Foreign) : ([], true, null);
        }

        if (rule.PrefixList is { } list)
        {
            if (list.Service is { } service)
                return peer.Service == service ? ([Box.AllAddresses], rule.Gap is null, rule.Gap) : peer.Interface is null ? ([Box.AllAddresses], false, ServiceGap(list, rule)) : ([], true, null);
            if (list.Gap is null)
                return ([.. list.Blocks.Select(block => block.Range)], rule.Gap is null, rule.Gap);
            return ([Box.AllAddresses], false, rule.Gap ?? list.Gap);
        }

        return rule.Block is { } block ? ([block.Range], rule.Gap is null, rule.Gap) : ([Box.AllAddresses], false, rule.Gap);
    }

    private static Gap ServiceGap(PrefixList list, GroupRule rule) =>
        new("", list.Name, rule.At, $"the addresses of {list.Service} are a part of the internet that the template does not name.", $"Claim it for 'to: {list.Service}' instead.");
}
