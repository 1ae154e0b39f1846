using System.Collections.Concurrent;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>The body of a random stage: makes a new item and disposes its own, fails and pauses as planned, and notes what must not be.</summary>
/// <param name="comesInOrder">True when items come here in the order of the source, so that those of a key do too.</param>
internal sealed class PlanBody<T>(PlanRun<T> run, Piece piece, bool comesInOrder) : IStage<T, T>, IWeightEstimator<T>
    where T : notnull
{
    public const int Keys = 3;

    private readonly ConcurrentDictionary<T, int> _attempts = new();
    private readonly int[] _runningOfKey = new int[Keys]; // Interlocked only
    private readonly int[] _lastOfKey = new int[Keys]; // written by the only body of the key
    private int _running; // Interlocked only

    public long EstimateWeightBytes(T item) => piece.Estimates && !piece.IsFunction ? piece.Weight(run.Kind.NumberOf(item)) : 0;

    public IStageWorker<T, T> CreateWorker(StageWorkerContext context)
    {
        run.WorkerBegins();
        return new Worker(this, run);
    }

    /// <summary>The body as a plain function.</summary>
    public T Apply(T item)
    {
        int number = run.Kind.NumberOf(item);
        Begin(number);
        try
        {
            run.HasRun.GetAwaiter().GetResult();
            run.Count();
            return Make(item, number);
        }
        finally
        {
            End(number);
        }
    }

    private async ValueTask<T> ApplyAsync(T item, CancellationToken cancellationToken)
    {
        int number = run.Kind.NumberOf(item);
        Begin(number);
        try
        {
            await run.HasRun;
            await run.CountAsync(cancellationToken);
            for (int i = number % (piece.Pauses + 1); i > 0; i--)
                await Task.Yield();
            return Make(item, number);
        }
        finally
        {
            End(number);
        }
    }

    private T Make(T item, int number)
    {
        if (piece.Fails(number, _attempts.AddOrUpdate(item, 1, static (_, n) => n + 1)))
            throw new InjectedException();
        T result = run.Kind.Make(number, EstimateWeightBytes(item), piece.Apply(run.Kind.CodeOf(item)));
        run.Kind.Release(item);
        return result;
    }

    private void Begin(int number)
    {
        run.BodyBegins();
        run.CheckBytes();
        if (Interlocked.Increment(ref _running) > piece.Workers)
            run.Violations.Enqueue($"'{piece.Name}' runs more bodies than it has workers");
        if (piece.Kind != PieceKind.Keyed)
            return;
        if (Interlocked.Increment(ref _runningOfKey[number % Keys]) > 1)
            run.Violations.Enqueue($"'{piece.Name}' runs two bodies of one key");
        if (comesInOrder && number < _lastOfKey[number % Keys])
            run.Violations.Enqueue($"'{piece.Name}' runs item {number} after a later one of its key");
        _lastOfKey[number % Keys] = number;
    }

    private void End(int number)
    {
        if (piece.Kind == PieceKind.Keyed)
            Interlocked.Decrement(ref _runningOfKey[number % Keys]);
        Interlocked.Decrement(ref _running);
        run.BodyEnds();
    }

    private sealed class Worker(PlanBody<T> body, PlanRun<T> run) : IStageWorker<T, T>
    {
        private int _uses; // Interlocked only
        private bool _isDisposed; // Volatile only

        public async ValueTask<T> ProcessAsync(T item, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _uses) > 1 || Volatile.Read(ref _isDisposed))
                run.Violations.Enqueue("a worker is used by two items at once or after its disposal");
            try
            {
                return await body.ApplyAsync(item, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _uses);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            if (Interlocked.Exchange(ref _uses, int.MinValue / 2) > 0 || Volatile.Read(ref _isDisposed))
                run.Violations.Enqueue("a worker is disposed while it works or twice");
            Volatile.Write(ref _isDisposed, true);
            run.WorkerEnds();
        }
    }
}
