namespace Pipeline.Infra;

/// <summary>Writes the way of a packet, or what stops it.</summary>
internal static class VerdictSteps
{
    /// <summary>Describes every control that a packet meets; those that stop it carry their code.</summary>
    internal static List<VerdictStep> Describe(FlowPath path, Packet packet)
    {
        List<VerdictStep> steps = new();
        foreach (Stage stage in path.Stages)
        {
            StageStep step = stage.Explain(packet);
            steps.Add(new VerdictStep(stage.May.Contains(packet) ? "" : stage.Code, stage.IsReply, step.Text, step.At));
        }

        if (ZoneCrossing(path) is { } crossing)
            steps.Add(crossing);
        return steps;
    }

    /// <summary>Names every control that stops some of the packets that must pass.</summary>
    internal static List<VerdictStep> Obstacles(FlowPath path, PacketSet required)
    {
        List<VerdictStep> steps = new();
        foreach (Stage stage in path.Stages)
        {
            PacketSet stopped = required.Subtract(stage.May);
            if (stopped.IsEmpty)
                continue;
            StageStep step = stage.Explain(PacketSample.Of(stopped));
            steps.Add(new VerdictStep(stage.Code, stage.IsReply, step.Text, step.At));
        }

        return steps;
    }

    /// <summary>Gets the gaps of the controls that keep some of the packets open.</summary>
    internal static List<Gap> OpenGaps(FlowPath path, PacketSet packets, bool withReply, LayerMask mask)
    {
        List<Gap> gaps = new();
        foreach (Stage stage in path.Stages)
        {
            if (!mask.Leaves(stage.Layer) || (stage.IsReply && !withReply) || packets.IsSubsetOf(stage.Must))
                continue;
            foreach (Gap gap in stage.Gaps)
            {
                if (!gaps.Contains(gap))
                    gaps.Add(gap);
            }
        }

        return gaps;
    }

    private static VerdictStep? ZoneCrossing(FlowPath path)
    {
        for (int i = 1; i < path.Needs.Count; i++)
        {
            Subnet from = path.Needs[i - 1];
            Subnet to = path.Needs[i];
            if (from != to && from.Zone.IsSameAs(to.Zone) == false)
                return new VerdictStep("", false, $"AVAILABILITY_ZONE_CROSSED: from {from.Name} ({from.Zone}) to {to.Name} ({to.Zone})", to.At);
        }

        return null;
    }
}
