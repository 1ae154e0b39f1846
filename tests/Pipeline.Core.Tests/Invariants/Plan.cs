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

/// <summary>What flows.</summary>
public enum ItemKind
{
    /// <summary>Disposable items that several branches may have at once; a second disposal of one handle does nothing.</summary>
    Shared,

    /// <summary>Disposable items with one owner, which count every disposal.</summary>
    Owned,

    /// <summary>Values that own and weigh nothing, which the engine moves in blocks and gives to functions without asking per item.</summary>
    Plain,
}

/// <summary>Who gets the results of a random run.</summary>
public enum RunEnd
{
    Sink,
    NoSink,
    Stream,
    Push,
    Synchronous,
}

/// <summary>A random definition with a random run of it.</summary>
/// <param name="StopAt">The event (a body that begins or a result that is delivered) at which the run is stopped.</param>
public sealed record Plan(
    Piece[] Pieces,
    int Items,
    int Workers,
    long? Budget,
    int? MaxInFlight,
    StopKind Stop,
    int StopAt,
    bool SourceYields,
    ItemKind Kind,
    RunEnd End,
    bool KeepsAccounts,
    bool IsTuned)
{
    internal const int MostTunedWorkers = 16;

    internal bool KeepsOrder => Piece.KeepOrder(Pieces, endMayBeUnordered: false, agesCount: false);

    /// <summary>Gets whether the oldest item never stands behind others for good.</summary>
    internal bool KeepsAge => Piece.KeepOrder(Pieces, endMayBeUnordered: true, agesCount: true);

    internal bool GivesOnePerItem => Pieces.All(piece => piece.GivesOnePerItem);

    internal bool Contains(PieceKind kind) => Pieces.Any(piece => piece.Contains(kind));

    /// <summary>Gets how many bodies may run at once.</summary>
    internal int MostWorkers => IsTuned ? Math.Max(Workers, MostTunedWorkers) : End == RunEnd.Synchronous ? 1 : Workers;

    /// <summary>Gets a value indicating whether bytes stay within the budget; see <see cref="MostBytes"/>.</summary>
    internal bool BoundsBytes => Budget is not null && KeepsAge && !(Contains(PieceKind.Split) && Contains(PieceKind.Batch));

    /// <summary>
    /// Gets the most bytes in flight: the budget, the head of the order with all its parts, and the few bytes that items bring along from the source before
    /// anybody can reserve them. A worker of a one-to-many stage may make one part with the last byte of the budget, because only then its weight is known.
    /// Nothing is claimed for parts in front of a batch, and behind shapes that mix the order, where the run may only not stand still.
    /// </summary>
    internal long MostBytes =>
        Budget!.Value + ((Piece.PartsOf(Pieces) + 1 + Pieces.Sum(static piece => piece.WorkersThatSplit)) * Piece.MaxWeight);

    internal IEnumerable<Piece> All => Pieces.SelectMany(static piece => piece.All);

    public override string ToString() =>
        $"{Items} {Kind} items to {End}, {Workers} workers{(IsTuned ? " tuned" : "")}{(KeepsAccounts ? "" : " no accounts")}, budget "
            + $"{Budget}, in flight {MaxInFlight}, {Stop} at {StopAt}, yields {SourceYields}: {string.Join(" -> ", (object[])Pieces)}";

    /// <summary>Makes definitions of plain stages, whose bounds are the strictest.</summary>
    public static Arbitrary<Plan> Chains() => Plans(Stages(1, 4), mostItems: 120).ToArbitrary();

    /// <summary>Makes definitions of all shapes, also inside each other.</summary>
    public static Arbitrary<Plan> Shapes() => Plans(Definition(1, 4, depth: 2, onePerItem: false), mostItems: 60).ToArbitrary();

    /// <summary>Makes definitions that give one result per item, with one item in flight, so that it is known what the run should count.</summary>
    public static Arbitrary<Plan> SingleItems() =>
        Plans(Definition(1, 3, depth: 2, onePerItem: true), mostItems: 30).Where(static plan => plan.Kind != ItemKind.Plain)
            .Select(static plan => plan with { MaxInFlight = 1, End = RunEnd.Sink })
            .ToArbitrary();

    private static Gen<Plan> Plans(Gen<Piece[]> definitions, int mostItems) =>
        from pieces in definitions
        from items in Gen.Choose(0, mostItems)
        from workers in Gen.Choose(1, 16)
        from budget in Gen.Frequency((1, Gen.Constant<long?>(null)), (2, Gen.Choose(1, 3000).Select(b => (long?)b)))
        from most in Gen.Frequency((4, Gen.Constant<int?>(null)), (1, Gen.Constant<int?>(1)), (1, Gen.Choose(2, 10).Select(m => (int?)m)))
        from stop in Gen.Frequency((4, Gen.Constant(StopKind.None)), (3, Gen.Elements(StopKind.Drain, StopKind.Abort, StopKind.Token)))
        from stopAt in Gen.Choose(0, 200)
        from sourceYields in Gen.Elements(true, false)
        from kind in Gen.Elements(ItemKind.Shared, ItemKind.Owned, ItemKind.Plain)
        from end in Gen.Frequency(
            (4, Gen.Constant(RunEnd.Sink)),
            (2, Gen.Constant(RunEnd.NoSink)),
            (2, Gen.Constant(RunEnd.Stream)),
            (1, Gen.Constant(RunEnd.Push)),
            (1, Gen.Constant(RunEnd.Synchronous)))
        from accounts in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from tuned in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select Consistent(new Plan(pieces, items, workers, budget, most, stop, stopAt, sourceYields, kind, end, accounts
            || tuned, tuned
            && end != RunEnd.Synchronous));

    private static Plan Consistent(Plan plan) => plan with
    {
        Pieces = Number(plan.Kind == ItemKind.Plain ? TellApart(plan.Pieces) : plan.Pieces),

        // Several branches cannot own one item.
        Kind = plan.Kind == ItemKind.Owned && (plan.Contains(PieceKind.Broadcast) || plan.Contains(PieceKind.Join))
            ? ItemKind.Shared
            : plan.Kind,
        Items = plan.Kind == ItemKind.Plain ? plan.Items * 8 : plan.Items, // enough for turns over many
        Stop = plan.End == RunEnd.Synchronous ? StopKind.None : plan.Stop,
    };

    /// <summary>Gives each branch of a broadcast a stage of its own, without which equal values would come out of several.</summary>
    private static Piece[] TellApart(Piece[] pieces) =>
    [
        .. pieces.Select(static piece => piece with
        {
            Branches = [.. piece.Branches.Select(branch => piece.Kind == PieceKind.Broadcast
                ? [piece with { Kind = PieceKind.Stage, FailEvery = 0, IsFunction = true, Branches = [] }, .. TellApart(branch)]
                : TellApart(branch))],
        }),
    ];

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
        from capacity in kind == PieceKind.Batch ? Gen.Choose(1, 6) : Capacity()
        from order in Gen.Frequency((2, Gen.Constant(StageOrder.Input)), (1, Gen.Constant(StageOrder.Completion)))
        from failEvery in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(2, 40)))
        from recoversAt in Gen.Elements(2, 3, int.MaxValue)
        from policy in Gen.Elements(
            FailurePolicy.Stop,
            FailurePolicy.Skip,
            FailurePolicy.Skip.WithRetry(2, TimeSpan.Zero),
            FailurePolicy.Stop.WithRetry(3, TimeSpan.FromTicks(1)),
            FailurePolicy.Skip.WithMaxFailures(4))
        from estimates in Gen.Elements(true, false)
        from pauses in Gen.Choose(0, 4)
        from isFunction in Gen.Elements(true, false)
        from hasThreads in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Piece(
            kind,
            0,
            workers,
            capacity,
            order,
            failEvery,
            recoversAt,
            policy,
            estimates,
            pauses,
            isFunction && kind == PieceKind.Stage,
            hasThreads,
            []);

    /// <summary>Makes the capacity of a stage: mostly tiny, because most mistakes need a hop that is full.</summary>
    private static Gen<int> Capacity() =>
        Gen.Frequency((22, Gen.Constant(1)), (38, Gen.Choose(2, 3)), (20, Gen.Choose(4, 16)), (20, Gen.Choose(17, 64)));

    private static Piece[] Number(Piece[] pieces)
    {
        int next = 0;
        Piece[] Renumber(Piece[] chain) =>
            [.. chain.Select(piece => piece with { Id = next++, Branches = [.. piece.Branches.Select(Renumber)] })];
        return Renumber(pieces);
    }
}
