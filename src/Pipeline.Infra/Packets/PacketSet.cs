namespace Pipeline.Infra;

/// <summary>A set of packets as a union of boxes. Every operation is exact: no sampling, no widening. Immutable.</summary>
internal sealed class PacketSet
{
    internal static readonly PacketSet Empty = new([]);
    internal static readonly PacketSet Everything = new([Box.Everything]);

    private readonly Box[] _boxes;

    private PacketSet(Box[] boxes) => _boxes = boxes;

    internal bool IsEmpty => _boxes.Length == 0;

    internal IReadOnlyList<Box> Boxes => _boxes;

    internal static PacketSet Of(params ReadOnlySpan<Box> boxes) => boxes.Length == 0 ? Empty : new PacketSet(Reduce(boxes.ToArray()));

    internal static PacketSet Of(List<Box> boxes) => boxes.Count == 0 ? Empty : new PacketSet(Reduce([.. boxes]));

    internal static PacketSet UnionOf(IEnumerable<PacketSet> sets)
    {
        List<Box> boxes = new();
        foreach (PacketSet set in sets)
            boxes.AddRange(set._boxes);
        return Of(boxes);
    }

    internal PacketSet Union(PacketSet other)
    {
        if (IsEmpty)
            return other;
        return other.IsEmpty ? this : new PacketSet(Reduce([.. _boxes, .. other._boxes]));
    }

    internal PacketSet Intersect(PacketSet other)
    {
        if (IsEmpty || ReferenceEquals(other, Everything))
            return this;
        if (other.IsEmpty || ReferenceEquals(this, Everything))
            return other;
        List<Box> boxes = new();
        foreach (ref readonly Box left in _boxes.AsSpan())
        {
            foreach (ref readonly Box right in other._boxes.AsSpan())
            {
                if (left.Overlaps(right))
                    boxes.Add(left.Intersect(right));
            }
        }

        return Of(boxes);
    }

    internal PacketSet Subtract(PacketSet other)
    {
        if (IsEmpty || other.IsEmpty)
            return this;
        List<Box> rest = new(_boxes);
        List<Box> next = new();
        foreach (ref readonly Box hole in other._boxes.AsSpan())
        {
            next.Clear();
            foreach (Box box in rest)
            {
                if (!box.Overlaps(hole))
                    next.Add(box);
                else if (!hole.Contains(box))
                    box.SubtractInto(hole, next);
            }

            (rest, next) = (next, rest);
            if (rest.Count == 0)
                return Empty;
        }

        return Of(rest);
    }

    internal bool IsSubsetOf(PacketSet other) => Subtract(other).IsEmpty;

    internal bool Contains(in Packet packet)
    {
        foreach (ref readonly Box box in _boxes.AsSpan())
        {
            if (box.Contains(packet))
                return true;
        }

        return false;
    }

    /// <summary>Frees one field: a packet is in the result if it is in the set with <em>some</em> value of the field.</summary>
    internal PacketSet ForSome(Dimension dimension, Interval range)
    {
        Box[] boxes = new Box[_boxes.Length];
        for (int i = 0; i < boxes.Length; i++)
            boxes[i] = _boxes[i].With(dimension, range);
        return Of(boxes);
    }

    /// <summary>Frees one field: a packet is in the result if it is in the set with <em>every</em> value of the field within the domain.</summary>
    internal PacketSet ForAll(Dimension dimension, PacketSet domain, Interval range) =>
        domain.ForSome(dimension, range).Subtract(domain.Subtract(this).ForSome(dimension, range));

    /// <summary>Turns a set of answers into the packets that they answer: addresses and ports change sides, an echo reply becomes its request.</summary>
    internal PacketSet Mirror()
    {
        List<Box> boxes = new(_boxes.Length);
        foreach (Box box in _boxes)
            MirrorInto(box, boxes);
        return Of(boxes);
    }

    private static void MirrorInto(in Box box, List<Box> result)
    {
        Box swapped = new(box.Destination, box.Source, box.Protocol, box.DestinationPort, box.SourcePort);
        Box straight = new(box.Destination, box.Source, box.Protocol, box.SourcePort, box.DestinationPort);
        UInt128 next = box.Protocol.First;
        foreach (int icmp in (ReadOnlySpan<int>)[Protocols.Icmp, Protocols.IcmpV6])
        {
            UInt128 number = (UInt128)icmp;
            if (!box.Protocol.Contains(number))
                continue;
            if (number > next)
                result.Add(swapped with { Protocol = new Interval(next, number - 1) });
            next = number + 1;
            AddEcho(straight with { Protocol = new Interval(number, number) }, icmp, result);
        }

        if (next <= box.Protocol.Last)
            result.Add(swapped with { Protocol = new Interval(next, box.Protocol.Last) });
    }

    // The reply that a set must hold becomes the request. Every other message has no answer: the caller adds those that need none.
    private static void AddEcho(in Box box, int icmp, List<Box> result)
    {
        UInt128 request = icmp == Protocols.Icmp ? 8u << 8 : 128u << 8;
        UInt128 reply = icmp == Protocols.Icmp ? 0u : 129u << 8;
        if (box.DestinationPort.Contains(reply))
            result.Add(box with { DestinationPort = new Interval(request, request) });
    }

    private static Box[] Reduce(Box[] boxes)
    {
        if (boxes.Length < 2)
            return boxes;
        List<Box> kept = new(boxes.Length);
        foreach (Box box in boxes)
        {
            bool isCovered = false;
            for (int i = kept.Count - 1; i >= 0; i--)
            {
                if (kept[i].Contains(box))
                {
                    isCovered = true;
                    break;
                }

                if (box.Contains(kept[i]))
                    kept.RemoveAt(i);
            }

            if (!isCovered)
                kept.Add(box);
        }

        return MergeNeighbors(kept);
    }

    // Two boxes that differ in one field only, and touch there, are one.
    private static Box[] MergeNeighbors(List<Box> boxes)
    {
        if (boxes.Count > 12)
            return [.. boxes]; // Merging saves later work; it is not needed for the result.
        for (bool again = true; again;)
        {
            again = false;
            for (int i = 0; i < boxes.Count && !again; i++)
            {
                for (int j = i + 1; j < boxes.Count && !again; j++)
                {
                    if (TryMerge(boxes[i], boxes[j]) is not { } merged)
                        continue;
                    boxes[i] = merged;
                    boxes.RemoveAt(j);
                    again = true;
                }
            }
        }

        return [.. boxes];
    }

    private static Box? TryMerge(in Box left, in Box right)
    {
        Dimension? differing = null;
        for (int i = 0; i < Box.Dimensions; i++)
        {
            Dimension dimension = (Dimension)i;
            if (left[dimension] == right[dimension])
                continue;
            if (differing is not null)
                return null;
            differing = dimension;
        }

        if (differing is not { } only)
            return left;
        (Interval a, Interval b) = left[only].First <= right[only].First ? (left[only], right[only]) : (right[only], left[only]);
        bool touches = a.Last == UInt128.MaxValue || b.First <= a.Last + 1;
        return touches ? left.With(only, new Interval(a.First, UInt128.Max(a.Last, b.Last))) : null;
    }
}
