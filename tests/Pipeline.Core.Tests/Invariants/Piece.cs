namespace Pipeline.Core.Tests.Invariants;

public enum PieceKind
{
    Stage,
    Filter,
    Keyed,
    Split,
    Batch,
    Broadcast,
    Join,
    Route,
}

/// <summary>One step of a random definition.</summary>
/// <param name="Id">Its number; names the stage and makes its arithmetic its own.</param>
/// <param name="RecoversAt">The attempt at which an item that fails succeeds.</param>
/// <param name="IsFunction">True when the body is a plain function, which cannot wait.</param>
public sealed record Piece(
    PieceKind Kind,
    int Id,
    int Workers,
    int Capacity,
    StageOrder Order,
    int FailEvery,
    int RecoversAt,
    FailurePolicy Policy,
    bool Estimates,
    int Pauses,
    bool IsFunction,
    bool HasThreads,
    Piece[][] Branches)
{
    internal const long MaxWeight = 500;

    internal string Name => $"{Kind} {Id}";

    internal bool GivesOnePerItem => Kind switch
    {
        PieceKind.Split or PieceKind.Batch or PieceKind.Broadcast => false,
        PieceKind.Route => Branches.All(branch => branch.All(piece => piece.GivesOnePerItem)),
        _ => true,
    };

    private bool IsPlain => Kind is PieceKind.Stage or PieceKind.Filter or PieceKind.Keyed;

    private bool IsOrdered => Kind != PieceKind.Keyed && Order == StageOrder.Input;

    /// <summary>
    /// Says whether nothing makes another order than that of the source final: unordered stages are followed by an ordered one before a shape or, unless
    /// the end may be unordered, at the end.
    /// </summary>
    /// <param name="pieces">The definition or a branch.</param>
    /// <param name="endMayBeUnordered">True when what follows restores the order, or nobody asks for it.</param>
    /// <param name="agesCount">True when the oldest item must also be able to go first everywhere, which the order of a key behind an unordered stage
    /// forbids.</param>
    internal static bool KeepOrder(Piece[] pieces, bool endMayBeUnordered, bool agesCount)
    {
        bool isMixed = false;
        foreach (Piece piece in pieces)
        {
            if (!piece.IsPlain
                && (isMixed || !piece.IsOrdered || !piece.Branches.All(branch => KeepOrder(branch, endMayBeUnordered: true, agesCount))))
                return false;
            if (agesCount && isMixed && piece.Kind == PieceKind.Keyed)
                return false;
            isMixed = !piece.IsOrdered;
        }

        return endMayBeUnordered || !isMixed;
    }

    /// <summary>Gets how many parts of one item it can have at the same time.</summary>
    internal int Parts => Kind switch
    {
        PieceKind.Split => 3,
        PieceKind.Batch => Capacity,
        PieceKind.Broadcast or PieceKind.Join => Branches.Sum(PartsOf) + 1,
        PieceKind.Route => Branches.Max(PartsOf),
        _ => 1,
    };

    /// <summary>Gets how many workers its one-to-many stages have.</summary>
    internal int WorkersThatSplit =>
        (Kind == PieceKind.Split ? Workers : 0) + Branches.Sum(static branch => branch.Sum(static piece => piece.WorkersThatSplit));

    /// <summary>Gets it and all pieces of its branches.</summary>
    internal IEnumerable<Piece> All => [this, .. Branches.SelectMany(static branch => branch.SelectMany(static piece => piece.All))];

    internal bool Contains(PieceKind kind) => Kind == kind || Branches.Any(branch => branch.Any(piece => piece.Contains(kind)));

    internal static int PartsOf(Piece[] pieces) => pieces.Aggregate(1, static (parts, piece) => parts * piece.Parts);

    /// <summary>Says whether an attempt at an item fails.</summary>
    internal bool Fails(int number, int attempt) => FailEvery > 0 && number % FailEvery == 0 && attempt < RecoversAt;

    /// <summary>Gets how often an item is tried again.</summary>
    internal int Retries(int number) => FailEvery > 0 && number % FailEvery == 0 ? Math.Min(RecoversAt, Policy.MaxAttempts) - 1 : 0;

    internal bool Keeps(int number) => (number + Id) % 5 != 0;

    internal long Apply(long code) => unchecked((code * 31) + Id + 1);

    internal long Part(long code, int part) => unchecked((code * 37) + part + 1);

    internal static long Combine(IEnumerable<long> codes) => codes.Aggregate(7L, static (all, code) => unchecked((all * 41) + code));

    internal long Weight(int number) => number * 37L * (Id + 1) % MaxWeight;

    /// <summary>Gets the branch of an item; -1 when it has none.</summary>
    internal int RouteOf(int number) => FailEvery > 0 && number % FailEvery == 0 ? -1 : number % Branches.Length;

    public override string ToString()
    {
        string branches = Branches.Length == 0
            ? ""
            : $" [{string.Join(" | ", Branches.Select(branch => string.Join(" -> ", (object[])branch)))}]";
        string faults = FailEvery == 0
            ? ""
            : $" fails every {FailEvery} ({(Policy.StopsRun ? "stop" : "skip")}, {Policy.MaxAttempts} attempts, recovers at "
                + $"{RecoversAt}, most {Policy.MaxFailures})";
        return $"{Kind} {Id} w{Workers} c{Capacity} {Order}{(Estimates ? " estimates" : "")} "
            + $"{(IsFunction ? " function" : $" p{Pauses}")}{(HasThreads ? " threads" : "")}{faults}{branches}";
    }
}
