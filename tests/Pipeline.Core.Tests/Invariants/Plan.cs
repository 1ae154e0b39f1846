using FsCheck;
using FsCheck.Fluent;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>How a random run is stopped, if at all.</summary>
public enum StopKind
{
    None,
    Drain,
    Abort,
    Token,
}

/// <summary>A random definition with a random run of it.</summary>
/// <param name="StopAt">The event (a body that begins or a result that is delivered) at which the run is stopped.</param>
public sealed record Plan(Piece[] Pieces, int Items, int Workers, long? Budget, int? MaxInFlight, StopKind Stop, int StopAt, bool SourceYields)
{
    internal bool KeepsOrder => Piece.KeepOrder(Pieces, endMayBeUnordered: false, agesCount: false);

    /// <summary>Gets whether the oldest item never stands behind others for good.</summary>
    internal bool KeepsAge => Piece.KeepOrder(Pieces, endMayBeUnordered: true, agesCount: true);

    internal bool GivesOnePerItem => Pieces.All(piece => piece.GivesOnePerItem);

    internal bool Contains(PieceKind kind) => Pieces.Any(piece => piece.Contains(kind));

    public override string ToString() => $"{Items} items, {Workers} workers, budget {Budget}, in flight {MaxInFlight}, {Stop} at {StopAt}, yields {SourceYields}: {string.Join(" -> ", (object[])Pieces)}";

    /// <summary>Makes definitions of plain stages, whose bounds are the strictest.</summary>
    public static Arbitrary<Plan> Chains() => Plans(Stages(1, 4), mostItems: 120).ToArbitrary();

    /// <summary>Makes definitions of all shapes, also inside each other.</summary>
    public static Arbitrary<Plan> Shapes() => Plans(Definition(1, 4, depth: 2, onePerItem: false), mostItems: 60).ToArbitrary();

    private static Gen<Plan> Plans(Gen<Piece[]> definitions, int mostItems) =>
        from pieces in definitions
        from items in Gen.Choose(0, mostItems)
        from workers in Gen.Choose(1, 16)
        from budget in Gen.Frequency((1, Gen.Constant<long?>(null)), (2, Gen.Choose(1, 3000).Select(b => (long?)b)))
        from most in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(1, 10).Select(m => (int?)m)))
        from stop in Gen.Frequency((4, Gen.Constant(StopKind.None)), (3, Gen.Elements(StopKind.Drain, StopKind.Abort, StopKind.Token)))
        from stopAt in Gen.Choose(0, 200)
        from sourceYields in Gen.Elements(true, false)
        select new Plan(Number(pieces), items, workers, budget, most, stop, stopAt, sourceYields);

    private static Gen<Piece[]> Stages(int fewest, int most) =>
        from count in Gen.Choose(fewest, most)
        from pieces in Gen.ArrayOf(Plain(PieceKind.Stage), count)
        select pieces;

    private static Gen<Piece[]> Definition(int fewest, int most, int depth, bool onePerItem) =>
        from count in Gen.Choose(fewest, most)
        from pieces in Gen.ArrayOf(AnyPiece(depth, onePerItem), count)
        select pieces;

    private static Gen<Piece> AnyPiece(int depth, bool onePerItem)
    {
        List<(int, Gen<Piece>)> kinds = [(6, Plain(PieceKind.Stage)), (1, Plain(PieceKind.Filter)), (1, Plain(PieceKind.Keyed))];
        if (!onePerItem)
        {
            kinds.Add((1, Plain(PieceKind.Split)));
            kinds.Add((1, Plain(PieceKind.Batch)));
        }

        if (depth > 0)
        {
            kinds.Add((2, Branched(PieceKind.Join, depth, onePerItem: true)));
            kinds.Add((2, Branched(PieceKind.Route, depth, onePerItem)));
            if (!onePerItem)
                kinds.Add((2, Branched(PieceKind.Broadcast, depth, onePerItem)));
        }

        return Gen.Frequency([.. kinds]);
    }

    private static Gen<Piece> Branched(PieceKind kind, int depth, bool onePerItem) =>
        from plain in Plain(kind)
        from count in Gen.Choose(2, 3)
        from branches in Gen.ArrayOf(Definition(0, 2, depth - 1, onePerItem), count)
        let matches = branches.All(branch => branch.All(piece => piece.GivesOnePerItem))
        select plain with { Branches = branches, Order = matches ? plain.Order : StageOrder.Completion };

    private static Gen<Piece> Plain(PieceKind kind) =>
        from workers in Gen.Choose(1, 16)
        from capacity in Gen.Frequency((3, Gen.Choose(1, 3)), (1, Gen.Choose(4, kind == PieceKind.Batch ? 6 : 64)))
        from order in Gen.Frequency((2, Gen.Constant(StageOrder.Input)), (1, Gen.Constant(StageOrder.Completion)))
        from failEvery in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(2, 40)))
        from policy in Gen.Elements(FailurePolicy.Stop, FailurePolicy.Skip, FailurePolicy.Skip.WithRetry(2, TimeSpan.Zero), FailurePolicy.Stop.WithRetry(3, TimeSpan.FromTicks(1)), FailurePolicy.Skip.WithMaxFailures(4))
        from estimates in Gen.Elements(true, false)
        from pauses in Gen.Choose(0, 4)
        select new Piece(kind, 0, workers, capacity, order, failEvery, policy, estimates, pauses, []);

    private static Piece[] Number(Piece[] pieces)
    {
        int next = 0;
        Piece[] Renumber(Piece[] chain) => [.. chain.Select(piece => piece with { Id = next++, Branches = [.. piece.Branches.Select(Renumber)] })];
        return Renumber(pieces);
    }
}
