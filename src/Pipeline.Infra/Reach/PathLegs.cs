namespace Pipeline.Infra;

/// <summary>Joins two ways into one: each control of a part is kept, with the address that the other part hides taken as unknown.</summary>
internal static class PathLegs
{
    internal static void Append(PathBuilder builder, FlowPath leg, Dimension hidden, Gap gap)
    {
        List<(PacketSet May, PacketSet Must)> sets = leg.Without(hidden);
        for (int i = 0; i < sets.Count; i++)
        {
            Stage stage = leg.Stages[i];
            (PacketSet may, PacketSet must) = sets[i];
            bool isHidden = !may.Intersect(builder.Path.Universe).IsSubsetOf(must);
            UInt128 stand = hidden == Dimension.Destination ? leg.Universe.Boxes[0].Destination.First : leg.Universe.Boxes[0].Source.First;
            builder.Add(stage.Layer, stage.Code, may, must, isHidden ? [.. stage.Gaps, gap] : stage.Gaps,
                packet => stage.Explain(hidden == Dimension.Destination ? packet with { Destination = stand } : packet with { Source = stand }), stage.IsReply);
        }
    }
}
