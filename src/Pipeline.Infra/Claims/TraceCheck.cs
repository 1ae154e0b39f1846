namespace Pipeline.Infra;

/// <summary>Tells the journey of one request in plain sentences, there and back.</summary>
internal sealed class TraceCheck(NetworkModel model, PathFinder finder, TierResolver tiers)
{
    internal Verdict Check(TraceClaim claim)
    {
        IReadOnlyList<Party> from = tiers.Get(claim.From, isSource: true, claim.At).Parties;
        IReadOnlyList<Party> to = tiers.Get(claim.To, isSource: false, claim.At).Parties;
        List<(FlowPath Path, Packet Packet)> legs = new Journey(finder).Find(from, to, claim.Port);
        if (legs.Count == 0)
            return NotFound(claim, from, to);
        List<VerdictStep> steps = new(NameSteps(claim.Name, legs[0].Path));
        foreach ((FlowPath path, Packet packet) in legs)
        {
            string start = path == legs[0].Path ? $"{path.From} sends {packet}" : $"{path.From} opens a connection of its own from its private address: {packet}";
            steps.Add(new VerdictStep("", false, start, path.From.Interface?.Resource.At ?? claim.At));
            List<VerdictStep> all = VerdictSteps.Describe(path, packet);
            steps.AddRange(all.Where(step => !step.IsReply));
            string arrival = path.To.Interface is { } item ? $"{item.Resource.Name} receives it in subnet {item.Subnet.Name} ({item.Subnet.Zone})" : $"{path.To} receives it";
            steps.Add(new VerdictStep("", false, arrival, path.To.Interface?.Resource.At ?? claim.At));
        }

        foreach ((FlowPath path, Packet packet) in Enumerable.Reverse(legs))
        {
            steps.Add(new VerdictStep("", true, $"{path.To} answers {packet.Reply()}", path.To.Interface?.Resource.At ?? claim.At));
            if (path.To.Interface is { HasGroups: true } answering)
                steps.Add(new VerdictStep("", true, $"groups of {answering.Name} are stateful: the answer passes without a rule", answering.Resource.At));
            steps.AddRange(VerdictSteps.Describe(path, packet).Where(step => step.IsReply));
        }

        return new Verdict
        {
            Claim = claim.Sentence,
            At = claim.At,
            Answer = Answer.Proved,
            Summary = $"The request arrives over {legs.Count} connection{(legs.Count == 1 ? "" : "s")}, and its answer comes back.",
            Packet = legs[0].Packet.ToString(),
            Steps = steps,
        };
    }

    private IEnumerable<VerdictStep> NameSteps(string name, FlowPath first)
    {
        ResourceEntry? entry = first.To.Interface?.LoadBalancer?.Resource ?? first.To.Interface?.Resource;
        foreach (ResourceEntry record in model.Resources.Where(resource => resource.Type == "AWS::Route53::RecordSet"))
        {
            if (record.Get("Name").Key.TrimEnd('.') != name.TrimEnd('.') && name.Contains('.', StringComparison.Ordinal))
                continue;
            bool isAlias = Facts.Entry(record.Get("AliasTarget"), "DNSName") is ReferenceValue { Resource: var target } && target == entry;
            bool isAddress = Facts.Items(record.Get("ResourceRecords")).Any(value => value is ReferenceValue);
            if (isAlias || isAddress)
                yield return new VerdictStep("", false, $"the name {record.Get("Name").Key} is record {record.Name}, which leads to the public address of {entry?.Name}", record.At);
        }
    }

    private Verdict NotFound(TraceClaim claim, IReadOnlyList<Party> from, IReadOnlyList<Party> to)
    {
        // Direct first, then the load balancers, whichever is stopped by the fewest controls.
        PacketSet wanted = PacketSet.Of(Box.Everything with { Protocol = new Interval(Protocols.Tcp, Protocols.Tcp), DestinationPort = claim.Port is { } port ? new Interval((UInt128)port, (UInt128)port) : Box.AllPorts });
        IEnumerable<FlowPath> paths = from.SelectMany(source => to.SelectMany(target => finder.Find(source, target)));
        FlowPath? best = paths.MinBy(path => VerdictSteps.Obstacles(path, path.Universe.Intersect(wanted)).Count(step => step.Code.Length > 0));
        bool isOpen = best is not null && !best.Connects(must: false).Intersect(wanted).IsEmpty;
        if (isOpen)
        {
            PacketSet open = best!.Connects(must: false).Intersect(wanted);
            return new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.CannotTell, Summary = "The way depends on what the template does not say.", Packet = PacketSample.Of(open).ToString(), Gaps = VerdictSteps.OpenGaps(best, open, withReply: true, LayerMask.None) };
        }

        return new Verdict
        {
            Claim = claim.Sentence,
            At = claim.At,
            Answer = Answer.Blocked,
            Summary = best is null ? "There is no way between them." : $"No packet arrives; each rule below would have to change for the way via {PathViaNames.Name(best.Via)}.",
            Packet = best is null ? null : PacketSample.Of(best.Universe.Intersect(wanted)).ToString(),
            Steps = best is null ? [] : VerdictSteps.Obstacles(best, PacketSet.Of(ToBox(PacketSample.Of(best.Universe.Intersect(wanted))))),
        };
    }

    private static Box ToBox(Packet packet) => new(
        new Interval(packet.Source, packet.Source), new Interval(packet.Destination, packet.Destination), new Interval((UInt128)packet.Protocol, (UInt128)packet.Protocol),
        new Interval((UInt128)packet.SourcePort, (UInt128)packet.SourcePort), new Interval((UInt128)packet.DestinationPort, (UInt128)packet.DestinationPort));
}
