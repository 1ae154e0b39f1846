namespace Pipeline.Infra;

/// <summary>The addresses that count as the internet.</summary>
internal static class AddressSets
{
    // Not routed on the internet (IANA special-purpose registry).
    private static readonly string[] s_special =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
    ];

    private static readonly Interval[] s_internetV4 = Subtract([Box.AllV4], s_special.Select(text => Cidr.Parse(text).Range));
    private static readonly Interval[] s_internetV6 = [Cidr.Parse("2000::/3").Range];

    /// <summary>Gets all addresses of the internet but the given ones.</summary>
    internal static Interval[] Internet(bool isV6, IEnumerable<Interval> own) => Subtract(isV6 ? s_internetV6 : s_internetV4, own);

    internal static Interval[] Subtract(IEnumerable<Interval> from, IEnumerable<Interval> holes)
    {
        List<Interval> rest = new(from);
        foreach (Interval hole in holes)
        {
            List<Interval> next = new();
            foreach (Interval part in rest)
            {
                if (!part.Overlaps(hole))
                {
                    next.Add(part);
                    continue;
                }

                if (part.First < hole.First)
                    next.Add(new Interval(part.First, hole.First - 1));
                if (part.Last > hole.Last)
                    next.Add(new Interval(hole.Last + 1, part.Last));
            }

            rest = next;
        }

        return [.. rest];
    }

    internal static PacketSet Universe(IReadOnlyList<Interval> sources, IReadOnlyList<Interval> destinations)
    {
        List<Box> boxes = new(sources.Count * destinations.Count);
        foreach (Interval source in sources)
        {
            foreach (Interval destination in destinations)
                boxes.Add(Box.Everything with { Source = source, Destination = destination });
        }

        return PacketSet.Of(boxes);
    }
}
