namespace Pipeline.Core.Tests.Invariants;

/// <summary>What a definition makes of its items, computed item by item without any engine.</summary>
internal sealed class Oracle
{
    public Oracle(Plan plan)
    {
        for (int number = 0; number < plan.Items; number++)
        {
            bool hasFailed = false;
            int before = Results.Count;
            foreach (long code in Follow(plan.Pieces, 0, number, number, ref hasFailed))
                Results.Add(code);
            if (hasFailed)
                Failed++;
            else if (Results.Count > before)
                Completed++;
            else
                Skipped++;
        }
    }

    /// <summary>Gets all results in the order of the items and of the parts of each.</summary>
    public List<long> Results { get; } = [];

    /// <summary>Gets what the report says of each stage with a body or a predicate: its results and how often it tried again.</summary>
    public Dictionary<string, (long Items, long Retries)> Stages { get; } = [];

    public int Completed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    private List<long> Follow(Piece[] pieces, int index, int number, long code, ref bool hasFailed)
    {
        if (index == pieces.Length)
            return [code];
        List<long> results = [];
        foreach (long part in Step(pieces[index], number, code, ref hasFailed))
            results.AddRange(Follow(pieces, index + 1, number, part, ref hasFailed));
        return results;
    }

    private List<long> Step(Piece piece, int number, long code, ref bool hasFailed)
    {
        switch (piece.Kind)
        {
            case PieceKind.Filter:
                Count(piece, piece.Keeps(number) ? 1 : 0, retries: 0);
                return piece.Keeps(number) ? [code] : [];
            case PieceKind.Split:
                return [.. Enumerable.Range(0, number % 4).Select(part => piece.Part(code, part))];
            case PieceKind.Batch:
                return [code];
            case PieceKind.Broadcast:
                List<long> all = [];
                foreach (Piece[] branch in piece.Branches)
                    all.AddRange(Follow(branch, 0, number, code, ref hasFailed));
                return all;
            case PieceKind.Join:
                List<long> joined = [];
                foreach (Piece[] branch in piece.Branches)
                    joined.AddRange(Follow(branch, 0, number, code, ref hasFailed));
                return joined.Count == piece.Branches.Length ? [Piece.Combine(joined)] : [];
            case PieceKind.Route when piece.RouteOf(number) >= 0:
                return Follow(piece.Branches[piece.RouteOf(number)], 0, number, code, ref hasFailed);
            case PieceKind.Route:
                hasFailed = true;
                return [];
            default:
                bool fails = piece.Fails(number, piece.Policy.MaxAttempts);
                hasFailed |= fails;
                Count(piece, fails ? 0 : 1, piece.Retries(number));
                return fails ? [] : [piece.Apply(code)];
        }
    }

    private void Count(Piece piece, int items, int retries)
    {
        (long Items, long Retries) before = Stages.GetValueOrDefault(piece.Name);
        Stages[piece.Name] = (before.Items + items, before.Retries + retries);
    }
}
