namespace Pipeline.Infra;

/// <summary>One way from one party to another with every control on it.</summary>
internal sealed class FlowPath
{
    // What was asked before; a path is complete when it is first asked.
    private readonly Dictionary<(bool Must, LayerMask Mask, bool WithReply), PacketSet> _results = [];

    private readonly Dictionary<Dimension, List<(PacketSet, PacketSet)>> _lifted = [];

    internal required Party From { get; init; }

    internal required Party To { get; init; }

    internal required PathVia Via { get; init; }

    internal required bool IsV6 { get; init; }

    /// <summary>Gets all packets that the ends can exchange.</summary>
    internal required PacketSet Universe { get; init; }

    internal List<Stage> Stages { get; } = [];

    /// <summary>Gets the parts that the way needs, by which the loss of a zone cuts it.</summary>
    internal List<Subnet> Needs { get; } = [];

    /// <summary>Gets the packets that arrive: the first packet passes every control.</summary>
    internal PacketSet Arrives(bool must, LayerMask mask = LayerMask.None) => Through(must, mask, withReply: false);

    /// <summary>Gets the packets whose connection works: the first packet arrives and its answer comes back.</summary>
    internal PacketSet Connects(bool must, LayerMask mask = LayerMask.None) => Through(must, mask, withReply: true);

    /// <summary>Gets what each control lets pass when one address is hidden: with some value of it (may), with every value (must).</summary>
    internal List<(PacketSet May, PacketSet Must)> Without(Dimension hidden)
    {
        if (_lifted.TryGetValue(hidden, out List<(PacketSet, PacketSet)>? known))
            return known;
        List<(PacketSet May, PacketSet Must)> sets = new(Stages.Count);
        foreach (Stage stage in Stages)
        {
            // Most controls let the whole universe pass or nothing of it.
            bool isOpen = Universe.IsSubsetOf(stage.Must);
            PacketSet may = isOpen ? PacketSet.Everything : stage.May.ForSome(hidden, Box.AllAddresses);
            PacketSet must = isOpen ? PacketSet.Everything : stage.Must.IsEmpty ? PacketSet.Empty : stage.Must.ForAll(hidden, Universe, Box.AllAddresses);
            sets.Add((may, must));
        }

        _lifted.Add(hidden, sets);
        return sets;
    }

    private PacketSet Through(bool must, LayerMask mask, bool withReply)
    {
        if (_results.TryGetValue((must, mask, withReply), out PacketSet? known))
            return known;
        PacketSet set = Universe;
        foreach (Stage stage in Stages)
        {
            if (mask.Leaves(stage.Layer) && (withReply || !stage.IsReply))
                set = set.Intersect(must ? stage.Must : stage.May);
            if (set.IsEmpty)
                break;
        }

        _results.Add((must, mask, withReply), set);
        return set;
    }
}
