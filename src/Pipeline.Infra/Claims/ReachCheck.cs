namespace Pipeline.Infra;

/// <summary>Decides that connections work: from every address and client port of the source, forth and back.</summary>
internal sealed class ReachCheck(PathFinder finder, TierResolver tiers)
{
    internal PathFinder Finder => finder;

    internal Verdict Check(FlowClaim claim) => Check(claim, _ => true, _ => true, "");

    /// <summary>Decides the claim with some parties and ways taken away.</summary>
    internal Verdict Check(FlowClaim claim, Func<Party, bool> isAlive, Func<FlowPath, bool> isOpen, string circumstance)
    {
        TierMembers[] sources = [.. claim.From.Select(name => tiers.Get(name, isSource: true, claim.At))];
        TierMembers[] targets = [.. claim.To.Select(name => tiers.Get(name, isSource: false, claim.At))];
        List<Gap> gaps = [.. sources.Concat(targets).SelectMany(member => member.Refused).Select(refused => refused.Gap)];
        Verdict? open = null;
        int connections = 0;
        SortedSet<string> ranges = new(StringComparer.Ordinal);
        foreach (Party from in sources.SelectMany(s => s.Parties).Distinct().Where(isAlive))
        {
            Interval clientPorts = from.Interface?.EphemeralPorts ?? InterfaceBuilder.WidePorts;
            ranges.Add($"{clientPorts.First}-{clientPorts.Last}");
            foreach (TierMembers tier in targets)
            {
                foreach (PortMatch port in claim.Ports)
                {
                    List<Party> to = [.. tier.Parties.Where(isAlive).Where(party => party != from && !(from.IsInternet && party.IsInternet)).Where(party => Serves(party, port))];
                    if (to.Count == 0)
                    {
                        if (tier.Parties.Count == 0)
                            continue;
                        return Blocked(claim, $"{circumstance}nothing in {tier.Name} listens on {port}{(tier.Parties.Any(isAlive) ? "" : " any more")}.", null, [new VerdictStep("ELBV2_LISTENERS_MISMATCH", false, $"no member of {tier.Name} listens on {port}", claim.At)]);
                    }

                    foreach (Party party in to)
                    {
                        Verdict verdict = CheckPair(claim, from, party, port, clientPorts, isOpen, circumstance);
                        connections++;
                        if (verdict.Answer == Answer.Blocked)
                            return verdict;
                        if (verdict.Answer == Answer.CannotTell)
                        {
                            open ??= verdict;
                            gaps.AddRange(verdict.Gaps);
                        }
                    }
                }
            }
        }

        if (open is not null || gaps.Count > 0)
            return new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.CannotTell, Summary = open?.Summary ?? "Some interfaces are not modeled.", Packet = open?.Packet, Gaps = [.. gaps.Distinct()] };
        if (claim.Buckets is { } buckets && EndpointPolicy.Check(finder.Model, claim, buckets) is { } problem)
            return problem;
        if (connections == 0)
            return Blocked(claim, $"{circumstance}there is no connection to judge: no source or no target is left.", null, []);
        return new Verdict
        {
            Claim = claim.Sentence,
            At = claim.At,
            Answer = Answer.Proved,
            Summary = $"{connections} connections work, forth and back.",
            Notes = [$"for client ports {string.Join(" and ", ranges)}"],
        };
    }

    private static bool Serves(Party party, PortMatch port)
    {
        if (party.Interface is not { Listening: { } listening })
            return true;
        PacketSet wanted = PacketSet.Of(port.Box);
        return listening.Any(match => !PacketSet.Of(match.Box).Intersect(wanted).IsEmpty);
    }

    private static Verdict Blocked(FlowClaim claim, string summary, Packet? packet, IReadOnlyList<VerdictStep> steps) =>
        new() { Claim = claim.Sentence, At = claim.At, Answer = Answer.Blocked, Summary = summary, Packet = packet?.ToString(), Steps = steps };

    private Verdict CheckPair(FlowClaim claim, Party from, Party to, PortMatch port, Interval clientPorts, Func<FlowPath, bool> isOpen, string circumstance)
    {
        List<FlowPath> paths = finder.Find(from, to);
        PacketSet wanted = PacketSet.Of(Protocols.HasPorts(port.Protocol) ? port.Box with { SourcePort = clientPorts } : port.Box);
        if (from.Interface?.LoadBalancer is { } balancer && to.Interface is { } target && !Forwards(balancer, target, port))
        {
            return Blocked(claim, $"{circumstance}{balancer.Name} sends nothing to {to} on {port}.", null,
                [new VerdictStep("ELBV2_LISTENER_REQUIRES_TG_ACCEPT", false, $"no listener of {balancer.Name} has a target group that sends to {target.Resource.Name} on {port}", balancer.Resource.At)]);
        }

        List<FlowPath> usable = paths.FindAll(path => (claim.Via is null || path.Via == claim.Via) && isOpen(path));
        if (to.Service is not null && paths.Exists(path => path.Via == PathVia.InterfaceEndpoint && path.Stages.TrueForAll(stage => stage.Code != "PRIVATE_DNS_OFF")))
            return CheckEveryEndpoint(claim, from, to, usable, wanted, circumstance);
        Verdict? best = null;
        foreach (IGrouping<bool, FlowPath> family in usable.GroupBy(path => path.IsV6))
        {
            Verdict verdict = CheckWays(claim, from, to, [.. family], wanted, circumstance);
            if (verdict.Answer == Answer.Proved)
                return verdict;
            if (best is null || (best.Answer == Answer.Blocked && verdict.Answer == Answer.CannotTell))
                best = verdict;
        }

        if (best is not null)
            return best;
        FlowPath? closed = paths.Find(path => claim.Via is null || path.Via == claim.Via);
        string why = closed is not null ? $"the only way, {Needs(closed)}, is lost" : claim.Via is { } via ? $"there is no way via {PathViaNames.Name(via)}" : "there is no way between them";
        Packet? packet = closed is null ? null : PacketSample.Of(closed.Universe.Intersect(wanted) is { IsEmpty: false } lost ? lost : closed.Universe);
        return Blocked(claim, $"{circumstance}{from} does not reach {to} on {port}: {why}.", packet, closed is { } path && packet is { } sample ? VerdictSteps.Describe(path, sample) : [new VerdictStep("NO_ROUTE_TO_DESTINATION", false, $"{from} and {to}: {why}", claim.At)]);
    }

    private static string Needs(FlowPath path) => $"via {PathViaNames.Name(path.Via)} through {string.Join(" and ", path.Needs.Select(subnet => $"{subnet.Name} ({subnet.Zone})").Distinct())}";

    // A load balancer opens connections to its targets only, on the port of the group and of the health check.
    private static bool Forwards(LoadBalancer balancer, NetworkInterface target, PortMatch port) =>
        balancer.Listeners.SelectMany(listener => listener.Targets).Any(group => group.Targets.Any(t => t.Resource == target.Resource
            && (group.Gap is not null || IsIn(port, t.Port ?? group.Port) || IsIn(port, group.HealthCheckPort))));

    private static bool IsIn(PortMatch port, int? number) => number is { } known && port.Ports.Contains((UInt128)known);

    private static Verdict CheckEveryEndpoint(FlowClaim claim, Party from, Party to, List<FlowPath> usable, PacketSet wanted, string circumstance)
    {
        List<FlowPath> ways = usable.FindAll(path => path.Via == PathVia.InterfaceEndpoint && !path.IsV6);
        if (ways.Count == 0)
            return Blocked(claim, $"{circumstance}{from} does not reach {to}: no interface of its endpoint is left on the claimed way.", null, []);
        // The name leads to any interface of the endpoint, so each must work.
        Verdict result = new() { Claim = claim.Sentence, At = claim.At, Answer = Answer.Proved, Summary = "" };
        foreach (FlowPath way in ways)
        {
            Verdict verdict = CheckWays(claim, from, way.To, [way], wanted, circumstance);
            if (verdict.Answer == Answer.Blocked)
                return verdict;
            if (verdict.Answer == Answer.CannotTell)
                result = verdict;
        }

        return result;
    }

    private static Verdict CheckWays(FlowClaim claim, Party from, Party to, List<FlowPath> ways, PacketSet wanted, string circumstance)
    {
        PacketSet required = PacketSet.UnionOf(ways.Select(way => way.Universe)).Intersect(wanted);
        PacketSet sure = PacketSet.UnionOf(ways.Select(way => way.Connects(must: true)));
        if (!required.IsEmpty && required.IsSubsetOf(sure))
            return new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.Proved, Summary = "" };
        PacketSet stopped = required.Subtract(PacketSet.UnionOf(ways.Select(way => way.Connects(must: false))));
        if (stopped.IsEmpty)
        {
            PacketSet open = required.Subtract(sure);
            List<Gap> gaps = [.. ways.SelectMany(way => VerdictSteps.OpenGaps(way, open, withReply: true, LayerMask.None)).Distinct()];
            return new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.CannotTell, Summary = $"{circumstance}whether {from} reaches {to} depends on what the template does not say.", Packet = open.IsEmpty ? null : PacketSample.Of(open).ToString(), Gaps = gaps };
        }

        FlowPath best = ways.MinBy(way => VerdictSteps.Obstacles(way, stopped).Count)!;
        return Blocked(claim, $"{circumstance}{from} does not reach {to} on every packet that the claim needs; each rule below would have to change.", PacketSample.Of(stopped), VerdictSteps.Obstacles(best, stopped));
    }
}
