namespace Pipeline.Infra;

/// <summary>What an ACL lets through in one direction, as the packet crosses it and as the packet that it answers.</summary>
internal sealed class AclSets(PacketSet may, PacketSet must, IReadOnlyList<Gap> gaps)
{
    private PacketSet? _mayMirrored;
    private PacketSet? _mustMirrored;

    internal IReadOnlyList<Gap> Gaps { get; } = gaps;

    internal PacketSet Get(bool isMust, bool isReply)
    {
        if (!isReply)
            return isMust ? must : may;
        return isMust ? _mustMirrored ??= Mirror(must) : _mayMirrored ??= Mirror(may);
    }

    // ICMP messages other than an echo request have no answer, so none can be stopped.
    private static PacketSet Mirror(PacketSet set) => set.Mirror().Union(Unanswered.Set);
}
