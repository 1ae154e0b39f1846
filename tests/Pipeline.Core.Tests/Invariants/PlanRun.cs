using System.Collections.Concurrent;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>Runs a plan once and keeps what can be seen from outside.</summary>
internal sealed class PlanRun(Plan plan)
{
    private readonly TaskCompletionSource _hasRun = new();
    private readonly CancellationTokenSource _caller = new();
    private PipelineRun<Shared<TrackedItem>>? _run;
    private int _events;
    private int _started;
    private int _running;

    internal StrongBoxOfItems Items { get; } = new();

    internal List<long> Delivered { get; } = [];

    internal List<int> DeliveredNumbers { get; } = [];

    internal HashSet<TrackedItem> DeliveredItems { get; } = [];

    internal RunReport Report => _run!.Report!;

    internal PipelineStageException? Error { get; private set; }

    internal OperationCanceledException? Cancellation { get; private set; }

    internal CancellationToken CallerToken => _caller.Token;

    internal int Started => Volatile.Read(ref _started);

    /// <summary>Gets how many bodies had begun when the call that stopped the run had returned; null when no such call was made.</summary>
    internal int? StartedAtStop { get; private set; }

    internal int StartedAtEnd { get; private set; }

    internal int RunningAtEnd { get; private set; }

    internal async Task<PlanRun> ExecuteAsync(Action<RunOptions>? observe = null)
    {
        PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>> builder = PipelineBuilder.Start<Shared<TrackedItem>>("random").Stage("enter", static item => item, static o => (o.Workers, o.Capacity) = (1, 2));
        StagedPipeline<Shared<TrackedItem>, Shared<TrackedItem>> pipeline = Add(builder, plan.Pieces).Build();
        RunOptions options = new() { Workers = plan.Workers, MemoryBudgetBytes = plan.Budget, MaxItemsInFlight = plan.MaxInFlight };
        observe?.Invoke(options);
        IEnumerable<Shared<TrackedItem>> source = Enumerable.Range(0, plan.Items).Select(n => new Shared<TrackedItem>(Items.New(n, n % 7, n)));
        _run = plan.SourceYields ? pipeline.Start(Yielding(source), Sink, options, _caller.Token) : pipeline.Start(source, Sink, options, _caller.Token);
        _hasRun.SetResult();
        try
        {
            await _run.Completion.OrHang();
        }
        catch (TimeoutException hung)
        {
            throw new TimeoutException($"hung at {_run.Snapshot()} with stages {string.Join(", ", _run.Snapshot().Stages)}", hung);
        }
        catch (PipelineStageException error)
        {
            Error = error;
        }
        catch (OperationCanceledException canceled)
        {
            Cancellation = canceled;
        }

        RunningAtEnd = Volatile.Read(ref _running);
        StartedAtEnd = Started;
        return this;
    }

    private static async IAsyncEnumerable<Shared<TrackedItem>> Yielding(IEnumerable<Shared<TrackedItem>> items)
    {
        foreach (Shared<TrackedItem> item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

    private async ValueTask Sink(Shared<TrackedItem> item, CancellationToken cancellationToken)
    {
        await _hasRun.Task;
        Delivered.Add(item.Value.Code);
        DeliveredNumbers.Add(item.Value.Number);
        DeliveredItems.Add(item.Value);
        Count();
    }

    private void Count()
    {
        if (plan.Stop == StopKind.None || Interlocked.Increment(ref _events) != plan.StopAt)
            return;
        switch (plan.Stop)
        {
            case StopKind.Drain: _run!.Drain(); return;
            case StopKind.Abort: _run!.Abort(); break;
            default: _caller.Cancel(); break;
        }

        StartedAtStop = Started;
    }

    private PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>> Add(PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>> builder, Piece[] pieces)
    {
        foreach (Piece piece in pieces)
            builder = Add(builder, piece);
        return builder;
    }

    private PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>> Add(PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>> builder, Piece piece)
    {
        void Configure(StageOptions o) => (o.Workers, o.Capacity, o.Order, o.OnFailure) = (piece.Workers, piece.Capacity, piece.Order, piece.Policy);
        void ConfigureBody(StageOptions o)
        {
            Configure(o);
            o.Executor = piece.Id % 3 == 2 && piece.Workers < 5 ? StageExecutor.DedicatedThreads : StageExecutor.Tasks;
        }

        switch (piece.Kind)
        {
            case PieceKind.Filter:
                return builder.Where(piece.Name, item => piece.Keeps(item.Value.Number), ConfigureBody);
            case PieceKind.Keyed:
                return builder.StageByKey(piece.Name, static item => item.Value.Number % 3, new Body(this, piece), ConfigureBody);
            case PieceKind.Split:
                return builder.SelectMany(piece.Name, item => Enumerable.Range(0, item.Value.Number % 4).Select(part => Make(item.Value.Number, piece.Weight(item.Value.Number), piece.Part(item.Value.Code, part))), Configure);
            case PieceKind.Batch:
                return builder.Batch($"{piece.Name} collect", new BatchOptions { MaxItems = piece.Capacity, Capacity = piece.Workers })
                    .SelectMany($"{piece.Name} give", static batch => batch.Select(static item => item.Share()), Configure);
            case PieceKind.Broadcast:
                return builder.Broadcast(piece.Name, Configure, Branches(piece));
            case PieceKind.Join:
                return builder.BroadcastJoin(piece.Name, Branches(piece), results => Join(results), Configure);
            case PieceKind.Route:
                return builder.Route(piece.Name, routes => Branches(piece).Select((branch, i) => (branch, i)).Aggregate<(Func<PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>>, PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>>> Branch, int Index), RouteBuilder<Shared<TrackedItem>, Shared<TrackedItem>>>(
                    null!,
                    (all, next) => all is null ? routes.When(item => piece.RouteOf(item.Value.Number) == next.Index, next.Branch) : all.When(item => piece.RouteOf(item.Value.Number) == next.Index, next.Branch)), Configure);
            default:
                return builder.Stage(piece.Name, new Body(this, piece), ConfigureBody);
        }
    }

    private Func<PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>>, PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>>>[] Branches(Piece piece) =>
        [.. piece.Branches.Select<Piece[], Func<PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>>, PipelineBuilder<Shared<TrackedItem>, Shared<TrackedItem>>>>(branch => b => Add(b, branch))];

    private Shared<TrackedItem> Make(int number, long weight, long code) => new(Items.New(number, weight, code));

    private Shared<TrackedItem> Join(IReadOnlyList<Shared<TrackedItem>> results)
    {
        Shared<TrackedItem> joined = Make(Assert.Single(results.Select(result => result.Value.Number).Distinct()), results.Max(result => result.WeightBytes), Piece.Combine(results.Select(result => result.Value.Code)));
        foreach (Shared<TrackedItem> result in results)
            result.Dispose();
        return joined;
    }

    /// <summary>Makes a new item and disposes its own; fails and pauses as planned.</summary>
    private sealed class Body(PlanRun run, Piece piece) : IStage<Shared<TrackedItem>, Shared<TrackedItem>>, IStageWorker<Shared<TrackedItem>, Shared<TrackedItem>>, IWeightEstimator<Shared<TrackedItem>>
    {
        private readonly ConcurrentDictionary<Shared<TrackedItem>, int> _attempts = new(ReferenceEqualityComparer.Instance);

        public long EstimateWeightBytes(Shared<TrackedItem> item) => piece.Estimates ? piece.Weight(item.Value.Number) : 0;

        public IStageWorker<Shared<TrackedItem>, Shared<TrackedItem>> CreateWorker(StageWorkerContext context) => this;

        public async ValueTask<Shared<TrackedItem>> ProcessAsync(Shared<TrackedItem> item, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref run._started);
            Interlocked.Increment(ref run._running);
            try
            {
                await run._hasRun.Task;
                int number = item.Value.Number;
                run.Count();
                for (int i = number % (piece.Pauses + 1); i > 0; i--)
                    await Task.Yield();
                if (piece.Fails(number, _attempts.AddOrUpdate(item, 1, static (_, n) => n + 1)))
                    throw new InjectedException();
                Shared<TrackedItem> result = run.Make(number, EstimateWeightBytes(item), piece.Apply(item.Value.Code));
                item.Dispose();
                return result;
            }
            finally
            {
                Interlocked.Decrement(ref run._running);
            }
        }

        public ValueTask DisposeAsync() => default;
    }
}

internal sealed class InjectedException : Exception;
