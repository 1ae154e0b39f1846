namespace Pipeline.Infra;

/// <summary>Works out what a network ACL lets through, once per ACL and direction.</summary>
internal sealed class AclRules
{
    private readonly Dictionary<(NetworkAcl Acl, bool IsEgress), AclSets> _sets = [];

    internal AclSets Get(NetworkAcl acl, bool isEgress)
    {
        if (!_sets.TryGetValue((acl, isEgress), out AclSets? sets))
        {
            sets = Compute(acl, isEgress);
            _sets.Add((acl, isEgress), sets);
        }

        return sets;
    }

    /// <summary>Finds the entry that decides over a packet.</summary>
    internal static StageStep Explain(NetworkAcl acl, bool isEgress, Packet packet, string subnet)
    {
        string direction = isEgress ? "egress" : "ingress";
        foreach (AclEntry entry in Ordered(acl, isEgress))
        {
            if (!Region(entry).Contains(packet))
                continue;
            string verb = entry.Gap is not null ? "may decide over" : entry.IsAllow == true ? "allows" : "denies";
            string block = entry.Block?.ToString() ?? "unknown addresses";
            return new StageStep($"ACL {acl.Name} of subnet {subnet}: {direction} rule {entry.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "of unknown number"} {verb} {entry.Match} {(isEgress ? "to" : "from")} {block}", entry.At);
        }

        return new StageStep($"ACL {acl.Name} of subnet {subnet}: no {direction} rule matches, so the final rule * denies", acl.At);
    }

    internal static IEnumerable<AclEntry> Ordered(NetworkAcl acl, bool isEgress) =>
        acl.Entries.Where(entry => entry.IsEgress == isEgress).OrderBy(entry => entry.Number ?? 0);

    private static PacketSet Region(AclEntry entry)
    {
        Interval remote = entry.Block?.Range ?? Box.AllAddresses;
        return PacketSet.Of(entry.Match.Box.With(entry.IsEgress ? Dimension.Destination : Dimension.Source, remote));
    }

    private static AclSets Compute(NetworkAcl acl, bool isEgress)
    {
        PacketSet may = PacketSet.Empty;
        PacketSet must = PacketSet.Empty;
        PacketSet mayRest = PacketSet.Everything;
        PacketSet mustRest = PacketSet.Everything;
        List<Gap> gaps = new();
        foreach (AclEntry entry in Ordered(acl, isEgress))
        {
            PacketSet region = Region(entry);
            if (entry.Gap is null)
            {
                if (entry.IsAllow == true)
                {
                    may = may.Union(mayRest.Intersect(region));
                    must = must.Union(mustRest.Intersect(region));
                }

                mayRest = mayRest.Subtract(region);
                mustRest = mustRest.Subtract(region);
                continue;
            }

            // The entry may match any part of its region, or nothing: what it could allow is possible, what it could deny is not sure.
            gaps.Add(entry.Gap);
            if (entry.IsAllow != false)
                may = may.Union(mayRest.Intersect(region));
            if (entry.IsAllow != true)
                mustRest = mustRest.Subtract(region);
        }

        return new AclSets(may, must, gaps);
    }
}
