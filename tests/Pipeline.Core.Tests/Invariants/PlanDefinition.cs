namespace Pipeline.Core.Tests.Invariants;

/// <summary>Turns the pieces of a plan into a definition.</summary>
internal sealed class PlanDefinition<T>(PlanRun<T> run)
    where T : notnull
{
    public StagedPipeline<T, T> Build(Piece[] pieces)
    {
        PipelineBuilder<T, T> builder = PipelineBuilder.Start<T>("random")
            .Stage("enter", static item => item, static o => (o.Workers, o.Capacity) = (1, 2));
        for (int i = 0; i < pieces.Length; i++)
            builder = Add(builder, pieces[i], comesInOrder: Piece.KeepOrder(pieces[..i], endMayBeUnordered: false, agesCount: false));
        return builder.Build();
    }

    private PipelineBuilder<T, T> Add(PipelineBuilder<T, T> builder, Piece piece, bool comesInOrder)
    {
        void Configure(StageOptions o) =>
            (o.Workers, o.Capacity, o.Order, o.OnFailure) = (piece.Workers, piece.Capacity, piece.Order, piece.Policy);
        void ConfigureBody(StageOptions o)
        {
            Configure(o);
            o.Executor = piece.HasThreads ? StageExecutor.DedicatedThreads : StageExecutor.Tasks;
        }

        RandomItems<T> kind = run.Kind;
        PlanBody<T> body = new(run, piece, comesInOrder);
        switch (piece.Kind)
        {
            case PieceKind.Filter:
                return builder.Where(piece.Name, item => piece.Keeps(kind.NumberOf(item)), ConfigureBody);
            case PieceKind.Keyed:
                return builder.StageByKey(piece.Name, item => kind.NumberOf(item) % PlanBody<T>.Keys, body, ConfigureBody);
            case PieceKind.Split:
                return builder.SelectMany(piece.Name, item => Enumerable.Range(0, kind.NumberOf(item) % 4).Select(part =>
                    kind.Make(kind.NumberOf(item), piece.Weight(kind.NumberOf(item)), piece.Part(kind.CodeOf(item), part))), Configure);
            case PieceKind.Batch:
                return builder.Batch($"{piece.Name} collect", new BatchOptions { MaxItems = piece.Capacity, Capacity = piece.Workers })
                    .SelectMany($"{piece.Name} give", batch => batch.Select(kind.Again), Configure);
            case PieceKind.Broadcast:
                return builder.Broadcast(piece.Name, Configure, Branches(piece));
            case PieceKind.Join:
                return builder.BroadcastJoin(piece.Name, Branches(piece), results => Join(results), Configure);
            case PieceKind.Route:
                return builder.Route(piece.Name, routes => Routes(routes, piece), Configure);
            case var _ when piece.IsFunction:
                return builder.Stage(piece.Name, body.Apply, ConfigureBody);
            default:
                return builder.Stage(piece.Name, body, ConfigureBody);
        }
    }

    private RouteBuilder<T, T> Routes(RouteBuilder<T> routes, Piece piece)
    {
        RouteBuilder<T, T>? all = null;
        foreach ((int index, Func<PipelineBuilder<T, T>, PipelineBuilder<T, T>> branch) in Branches(piece).Index())
            all = all is null ? routes.When(item => Goes(item, index), branch) : all.When(item => Goes(item, index), branch);
        return all!;

        bool Goes(T item, int index) => piece.RouteOf(run.Kind.NumberOf(item)) == index;
    }

    private Func<PipelineBuilder<T, T>, PipelineBuilder<T, T>>[] Branches(Piece piece) =>
        [.. piece.Branches.Select<Piece[], Func<PipelineBuilder<T, T>, PipelineBuilder<T,
            T>>>(branch => builder => branch.Aggregate(builder, (b, next) => Add(b, next, comesInOrder: false)))];

    private T Join(IReadOnlyList<T> results)
    {
        int number = Assert.Single(results.Select(run.Kind.NumberOf).Distinct());
        T joined = run.Kind.Make(
            number, results.Max(static result => (result as IWeighted)?.WeightBytes ?? 0), Piece.Combine(results.Select(run.Kind.CodeOf)));
        foreach (T result in results)
            run.Kind.Release(result);
        return joined;
    }
}
