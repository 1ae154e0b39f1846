namespace Pipeline.Infra;

/// <summary>Decides claims over one state of the network.</summary>
internal sealed class ClaimChecker
{
    private readonly NetworkModel _model;
    private readonly ClaimSet _claims;
    private readonly TierResolver _tiers;
    private readonly PathFinder _finder;
    private readonly NeverCheck _never;
    private readonly ReachCheck _reach;

    internal ClaimChecker(NetworkModel model, ClaimSet claims)
    {
        _model = model;
        _claims = claims;
        _tiers = new TierResolver(model, claims);
        _finder = new PathFinder(model);
        _never = new NeverCheck(_finder, _tiers);
        _reach = new ReachCheck(_finder, _tiers);
    }

    internal ClaimReport CheckAll(InfraTemplate template) => new()
    {
        Files = template.Files,
        Verdicts = [.. _claims.Claims.Select(Check)],
        Assumptions = template.Assumptions,
        Findings = template.Findings,
    };

    internal Verdict Check(Claim claim)
    {
        Verdict verdict = claim switch
        {
            FlowClaim { Kind: FlowKind.Never } never => _never.Check(never),
            FlowClaim { Kind: FlowKind.Reach } reach => _reach.Check(reach),
            FlowClaim only => CheckOnly(only),
            SurviveClaim survive => new SurviveCheck(_model, _claims, _tiers, _reach).Check(survive),
            TraceClaim trace => new TraceCheck(_model, _finder, _tiers).Check(trace),
            SinglePointsClaim points => SinglePointCheck.Check(_model, _claims, points),
            _ => throw new InvalidOperationException(),
        };
        return WithGlobalGaps(verdict);
    }

    private Verdict CheckOnly(FlowClaim claim)
    {
        Verdict upper = _never.Check(claim);
        if (upper.Answer == Answer.Refuted)
            return upper;
        Verdict lower = _reach.Check(claim);
        if (lower.Answer is Answer.Blocked or Answer.Refuted)
            return lower;
        if (upper.Answer == Answer.CannotTell || lower.Answer == Answer.CannotTell)
        {
            return new Verdict
            {
                Claim = claim.Sentence,
                At = claim.At,
                Answer = Answer.CannotTell,
                Summary = upper.Answer == Answer.CannotTell ? upper.Summary : lower.Summary,
                Packet = upper.Packet ?? lower.Packet,
                Gaps = [.. upper.Gaps.Concat(lower.Gaps).Distinct()],
                Notes = [.. upper.Notes.Concat(lower.Notes).Distinct()],
            };
        }

        return new Verdict
        {
            Claim = claim.Sentence,
            At = claim.At,
            Answer = Answer.Proved,
            Summary = $"{lower.Summary} {upper.Summary}",
            Notes = [.. lower.Notes.Concat(upper.Notes).Distinct()],
        };
    }

    // Whatever a macro or an unknown resource does, it may do to any claim about packets.
    private Verdict WithGlobalGaps(Verdict verdict)
    {
        if (_model.GlobalGaps.Count == 0)
            return verdict;
        return new Verdict
        {
            Claim = verdict.Claim,
            At = verdict.At,
            Answer = Answer.CannotTell,
            Summary = "Parts of the template are not modeled or not known, and they may change every answer.",
            Gaps = [.. _model.GlobalGaps.Concat(verdict.Gaps).Distinct()],
            Notes = [.. verdict.Notes, $"Without them the answer would be: {verdict.Answer}. {verdict.Summary}"],
        };
    }
}
