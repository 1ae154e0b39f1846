namespace Pipeline.Infra;

/// <summary>Takes each zone away in turn and looks whether the kept tiers still work.</summary>
internal sealed class SurviveCheck(NetworkModel model, ClaimSet claims, TierResolver tiers, ReachCheck reach)
{
    internal Verdict Check(SurviveClaim claim)
    {
        string[] kept = [.. claim.Keep.Where(name => name != SurviveClaim.Egress)];
        bool keepsEgress = claim.Keep.Contains(SurviveClaim.Egress);
        FlowClaim[] flows = [.. claims.Claims.OfType<FlowClaim>().Where(flow => flow.Kind != FlowKind.Never && IsKept(flow, kept, keepsEgress))];
        if (keepsEgress && !flows.Any(IsEgress))
            throw new TemplateException(claim.At, "'egress' is kept, but no claim says who reaches the internet or a service. Add one, for example { from: app, to: internet, reach: [tcp/443] }.");
        Subnet[] subnets = [.. model.Interfaces.Select(item => item.Subnet).Concat(model.Nats.Select(nat => nat.Subnet).OfType<Subnet>()).Distinct()];
        if (UnknownZone(claim, subnets) is { } unknown)
            return unknown;
        Zone[] zones = [.. subnets.Select(subnet => subnet.Zone).DistinctBy(zone => zone.Name)];
        foreach (Zone zone in zones)
        {
            if (CheckLoss(claim, zone, kept, flows) is { } problem)
                return problem;
        }

        return new Verdict
        {
            Claim = claim.Sentence,
            At = claim.At,
            Answer = Answer.Proved,
            Summary = $"With {string.Join(", and with ", zones.Select(zone => $"{zone} lost"))}, every kept tier has members left and {flows.Length} claims about their connections still hold.",
        };
    }

    private static bool IsEgress(FlowClaim flow) => flow.To.Any(name => name == "internet" || ServiceNames.Known.Contains(name)) && !flow.From.Contains("internet");

    private static bool IsKept(FlowClaim flow, string[] kept, bool keepsEgress)
    {
        bool fromKept = flow.From.All(name => name == "internet" || kept.Contains(name));
        bool toKept = flow.To.All(kept.Contains);
        return (fromKept && toKept) || (keepsEgress && IsEgress(flow));
    }

    private static Verdict? UnknownZone(SurviveClaim claim, Subnet[] subnets)
    {
        List<Gap> gaps = [.. subnets.Select(subnet => subnet.Zone.Gap).OfType<Gap>().Distinct()];
        if (gaps.Count == 0 && subnets.Any(s => s.Zone.IsSymbolic) && subnets.FirstOrDefault(s => !s.Zone.IsSymbolic) is { } named)
            gaps.Add(new Gap(named.Name, "AvailabilityZone", named.At, "some subnets name a zone and others take one from the region's list, so two may be one.", "Name all zones in the same way."));
        return gaps.Count == 0 ? null : new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.CannotTell, Summary = "The zones of some subnets are not known.", Gaps = gaps };
    }

    private Verdict? CheckLoss(SurviveClaim claim, Zone zone, string[] kept, FlowClaim[] flows)
    {
        bool IsLost(Subnet subnet) => subnet.Zone.IsSameAs(zone) != false;

        foreach (string name in kept)
        {
            TierMembers members = tiers.Get(name, isSource: false, claim.At);
            if (members.Refused.Count > 0)
                return new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.CannotTell, Summary = $"{name} has members that are not modeled.", Gaps = [.. members.Refused.Select(refused => refused.Gap)] };
            foreach (IGrouping<ResourceEntry, Party> resource in members.Parties.GroupBy(party => party.Interface!.Resource))
            {
                if (Redundancy.OnlyOnePlace(resource.Key) is { } why)
                    return Refuted(claim, zone, $"{resource.Key.Name} of {name} {why.Text}", why.At);
            }

            if (members.Parties.All(party => IsLost(party.Interface!.Subnet)))
                return Refuted(claim, zone, $"all of {name} is there", members.Parties[0].Interface!.Resource.At);
        }

        foreach (FlowClaim flow in flows)
        {
            Verdict verdict = reach.Check(flow, party => party.Interface is not { } item || !IsLost(item.Subnet), path => !path.Needs.Exists(IsLost), $"with {zone} lost, ");
            if (verdict.Answer == Answer.Proved)
                continue;
            return new Verdict
            {
                Claim = claim.Sentence,
                At = claim.At,
                Answer = verdict.Answer == Answer.CannotTell ? Answer.CannotTell : Answer.Refuted,
                Summary = $"{verdict.Summary} (claim of line {flow.At.Line}: {flow.Sentence})",
                Packet = verdict.Packet,
                Steps = verdict.Steps,
                Gaps = verdict.Gaps,
            };
        }

        return null;
    }

    private static Verdict Refuted(SurviveClaim claim, Zone zone, string text, Location at) => new()
    {
        Claim = claim.Sentence,
        At = claim.At,
        Answer = Answer.Refuted,
        Summary = $"with {zone} lost, {text}.",
        Steps = [new VerdictStep("SINGLE_ZONE", false, text, at)],
    };
}
