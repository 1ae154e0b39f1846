namespace Pipeline.Infra;

/// <summary>Decides that no packet of a kind arrives: the first packet counts, whether or not an answer could come back.</summary>
internal sealed class NeverCheck(PathFinder finder, TierResolver tiers)
{
    private const int MaxNamed = 5;

    internal Verdict Check(FlowClaim claim)
    {
        PacketSet named = PacketSet.UnionOf(claim.Ports.Select(port => PacketSet.Of(port.Box)));
        PacketSet forbidden = claim.Kind == FlowKind.Only ? PacketSet.Everything.Subtract(named) : named;
        TierMembers[] sources = [.. claim.From.Select(name => tiers.Get(name, isSource: true, claim.At))];
        TierMembers[] targets = [.. claim.To.Select(name => tiers.Get(name, isSource: false, claim.At))];
        List<(Party From, Party To)> pairs = [.. Pairs(sources, targets)];
        if (claim.EachLayer)
            return CheckLayers(claim, forbidden, pairs, sources, targets);
        Outcome outcome = Search(pairs, forbidden, LayerMask.None);
        return ToVerdict(claim, outcome, sources.Concat(targets), forbidden, LayerMask.None, claim.Kind == FlowKind.Only ? "Nothing else arrives, whatever the source port." : $"No such packet arrives on any of {outcome.Paths} ways between {pairs.Count} pairs.");
    }

    private static IEnumerable<(Party From, Party To)> Pairs(TierMembers[] sources, TierMembers[] targets) =>
        sources.SelectMany(s => s.Parties).Distinct().SelectMany(_ => targets.SelectMany(t => t.Parties).Distinct(), (from, to) => (from, to)).Where(pair => !(pair.from.IsInternet && pair.to.IsInternet));

    private static bool IsInsideSubnet((Party From, Party To) pair) => pair.From.Interface is { } from && pair.To.Interface is { } to && from.Subnet == to.Subnet;

    private Verdict CheckLayers(FlowClaim claim, PacketSet forbidden, List<(Party From, Party To)> pairs, TierMembers[] sources, TierMembers[] targets)
    {
        Outcome groups = Search(pairs, forbidden, LayerMask.WithoutAcls);
        if (groups.Hit is not null)
            return ToVerdict(claim, groups, sources.Concat(targets), forbidden, LayerMask.WithoutAcls, "", "With all network ACLs set to allow-all, so by security groups alone:");
        List<(Party From, Party To)> inside = pairs.FindAll(IsInsideSubnet);
        List<(Party From, Party To)> across = pairs.FindAll(pair => !IsInsideSubnet(pair));
        Outcome acls = Search(across, forbidden, LayerMask.WithoutGroups);
        if (acls.Hit is not null)
            return ToVerdict(claim, acls, sources.Concat(targets), forbidden, LayerMask.WithoutGroups, "", "With all security groups set to allow-all, so by network ACLs alone:");
        bool namesAny = claim.From.Contains("any") || claim.To.Contains("any");
        if (inside.Count > 0 && (!namesAny || across.Count == 0))
        {
            (Party from, Party to) = inside[0];
            return new Verdict
            {
                Claim = claim.Sentence,
                At = claim.At,
                Answer = Answer.Refuted,
                Summary = $"Cannot hold by ACL: {from} and {to} share the subnet {from.Interface!.Subnet.Name}, and no ACL is asked inside a subnet. Claim the groups alone, or put the tiers into subnets of their own.",
                Notes = [$"inside a subnet: groups only ({inside.Count} pairs)"],
            };
        }

        Outcome open = groups.Open is not null ? groups : acls;
        LayerMask mask = groups.Open is not null ? LayerMask.WithoutAcls : LayerMask.WithoutGroups;
        string proof = $"By security groups alone everywhere ({pairs.Count} pairs); by network ACLs alone between subnets ({across.Count} pairs).";
        Verdict verdict = ToVerdict(claim, open, sources.Concat(targets), forbidden, mask, proof);
        if (verdict.Answer != Answer.Proved || inside.Count == 0)
            return verdict;
        string subnets = string.Join(", ", inside.Select(pair => pair.From.Interface!.Subnet.Name).Distinct().Order(StringComparer.Ordinal));
        return new Verdict
        {
            Claim = verdict.Claim,
            At = verdict.At,
            Answer = verdict.Answer,
            Summary = verdict.Summary,
            Notes = ["between subnets: two layers", $"inside a subnet: groups only, since no ACL is asked there ({inside.Count} pairs in {subnets})"],
        };
    }

    private Outcome Search(List<(Party From, Party To)> pairs, PacketSet forbidden, LayerMask mask)
    {
        Outcome outcome = new();
        foreach ((Party from, Party to) in pairs)
        {
            foreach (FlowPath path in finder.Find(from, to))
            {
                outcome.Paths++;
                PacketSet may = path.Arrives(must: false, mask).Intersect(forbidden);
                if (may.IsEmpty)
                    continue;
                PacketSet must = path.Arrives(must: true, mask).Intersect(forbidden);
                if (!must.IsEmpty)
                {
                    outcome.Hit ??= (path, must);
                    outcome.Named.Add($"{from} -> {to}");
                }
                else
                {
                    outcome.Open ??= (path, may);
                    outcome.OpenPaths.Add((path, may));
                }
            }
        }

        return outcome;
    }

    private static Verdict ToVerdict(FlowClaim claim, Outcome outcome, IEnumerable<TierMembers> members, PacketSet forbidden, LayerMask mask, string proof, string prefix = "")
    {
        if (outcome.Hit is { } hit)
        {
            Packet packet = PacketSample.Of(hit.Packets);
            List<string> others = [.. outcome.Named.Distinct().Where(name => name != $"{hit.Path.From} -> {hit.Path.To}")];
            List<string> notes = new();
            if (others.Count > 0)
                notes.Add($"the same between {string.Join("; ", others.Take(MaxNamed))}{(others.Count > MaxNamed ? $" and {others.Count - MaxNamed} more pairs" : "")}");
            if (!hit.Path.Connects(must: false, mask).Contains(packet))
                notes.Add("the packet arrives, though its answer is stopped");
            return new Verdict
            {
                Claim = claim.Sentence,
                At = claim.At,
                Answer = Answer.Refuted,
                Summary = $"{prefix}{(prefix.Length > 0 ? " " : "")}a packet from {hit.Path.From} arrives at {hit.Path.To} via {PathViaNames.Name(hit.Path.Via)}.",
                Packet = packet.ToString(),
                Steps = VerdictSteps.Describe(hit.Path, packet),
                Notes = notes,
            };
        }

        List<Gap> gaps = [.. outcome.OpenPaths.SelectMany(open => VerdictSteps.OpenGaps(open.Path, open.Packets, withReply: false, mask))];
        gaps.AddRange(members.SelectMany(member => member.Refused).Select(refused => refused.Gap));
        if (gaps.Count > 0 || outcome.Open is not null)
        {
            string subject = outcome.Open is { } first ? $"Whether {PacketSample.Of(first.Packets)} arrives at {first.Path.To} depends on what the template does not say." : "Some interfaces are not modeled.";
            return new Verdict
            {
                Claim = claim.Sentence,
                At = claim.At,
                Answer = Answer.CannotTell,
                Summary = subject,
                Packet = outcome.Open is { } open ? PacketSample.Of(open.Packets).ToString() : null,
                Gaps = [.. gaps.Distinct()],
            };
        }

        return new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.Proved, Summary = proof };
    }

    private sealed class Outcome
    {
        internal int Paths { get; set; }

        internal (FlowPath Path, PacketSet Packets)? Hit { get; set; }

        internal (FlowPath Path, PacketSet Packets)? Open { get; set; }

        internal List<(FlowPath Path, PacketSet Packets)> OpenPaths { get; } = [];

        internal List<string> Named { get; } = [];
    }
}
