namespace Pipeline.Core.Tests.Invariants;

/// <summary>Runs a plan with items of one type.</summary>
internal sealed class PlanRun<T> : PlanRun
    where T : notnull
{
    private readonly TaskCompletionSource _hasRun = new();
    private readonly CancellationTokenSource _caller = new();
    private PipelineRun<T>? _run;
    private int _events;

    public PlanRun(Plan plan, Func<StrongBoxOfItems, RandomItems<T>> items)
        : base(plan)
    {
        Kind = items(Items);
        CallerToken = _caller.Token;
    }

    public RandomItems<T> Kind { get; }

    public Task HasRun => _hasRun.Task;

    /// <summary>Counts an event, and stops the run when its time has come. A body or sink gets its token and waits until it is canceled.</summary>
    public Task CountAsync(CancellationToken cancellationToken) => Count() ? Canceled(cancellationToken).OrHang() : Task.CompletedTask;

    /// <returns>True when the run was stopped.</returns>
    public bool Count()
    {
        if (Plan.Stop == StopKind.None || Interlocked.Increment(ref _events) != Plan.StopAt)
            return false;
        switch (Plan.Stop)
        {
            case StopKind.Token: _caller.Cancel(); break;
            case var _ when Plan.End == RunEnd.Stream: return false; // its consumer goes away instead
            case StopKind.Drain: _run!.Drain(); return false;
            default: _run!.Abort(); break;
        }

        NoteStop();
        return true;
    }

    protected override async Task ExecuteAsync(Action<RunOptions>? observe)
    {
        StagedPipeline<T, T> pipeline = new PlanDefinition<T>(this).Build(Plan.Pieces);
        RunOptions options = new()
        {
            Workers = Plan.Workers,
            MemoryBudgetBytes = Plan.Budget,
            MaxItemsInFlight = Plan.MaxInFlight,
            KeepAccounts = Plan.KeepsAccounts,
            DeadLetter = DeadLetters.Enqueue,
            WorkerTuning = Plan.IsTuned
                ? new WorkerTuningOptions { CalibrationItems = 5, MaxWorkers = Plan.MostTunedWorkers, Processors = 4, Apply = true }
                : null,
        };
        observe?.Invoke(options);
        try
        {
            await (Plan.End switch
            {
                RunEnd.Synchronous => Task.Run(() => RunHere(pipeline, options)).OrHang(),
                RunEnd.Stream => StreamAsync(pipeline, options).OrHang(),
                RunEnd.Push => PushAsync(pipeline, options),
                _ => CompletionOf(Start(pipeline, options)),
            });
        }
        catch (PipelineStageException error)
        {
            Error = error;
        }
        catch (OperationCanceledException canceled)
        {
            Cancellation = canceled;
        }

        Report = _run?.Report;
        BytesAtEnd = _run?.Snapshot().InFlightBytes ?? 0;
    }

    private static async Task Canceled(CancellationToken cancellationToken)
    {
        TaskCompletionSource canceled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static canceled => ((TaskCompletionSource)canceled!).SetResult(), canceled);
        await canceled.Task;
    }

    private PipelineRun<T> Start(StagedPipeline<T, T> pipeline, RunOptions options)
    {
        Func<T, CancellationToken, ValueTask>? sink = Plan.End == RunEnd.NoSink ? null : Sink;
        return Plan.SourceYields
            ? pipeline.Start(Yielding(), sink, options, CallerToken)
            : pipeline.Start(Source(), sink, options, CallerToken);
    }

    private async Task CompletionOf(PipelineRun<T> run)
    {
        _run = run;
        _hasRun.SetResult();
        try
        {
            await run.Completion.OrHang();
        }
        catch (TimeoutException hung)
        {
            throw new TimeoutException($"hung at {run.Snapshot()} with stages {string.Join(", ", run.Snapshot().Stages)}", hung);
        }
    }

    private async Task PushAsync(StagedPipeline<T, T> pipeline, RunOptions options)
    {
        PipelineRun<T> run = pipeline.StartPush(out PipelineInput<T> input, Sink, options, CallerToken);
        Task writing = Write();
        try
        {
            await CompletionOf(run);
        }
        finally
        {
            await writing.OrHang();
        }

        async Task Write()
        {
            for (int number = 0; number < Plan.Items; number++)
            {
                T item = MakeSourceItem(number);
                try
                {
                    await input.WriteAsync(item);
                }
                catch (InvalidOperationException)
                {
                    Kind.Release(item); // the run takes no more
                    return;
                }
            }

            input.Complete();
        }
    }

    private async Task StreamAsync(StagedPipeline<T, T> pipeline, RunOptions options)
    {
        _hasRun.SetResult();
        IAsyncEnumerable<T> results = Plan.SourceYields
            ? pipeline.StreamAsync(Yielding(), options, CallerToken)
            : pipeline.StreamAsync(Source(), options, CallerToken);
        await foreach (T item in results)
        {
            Deliver(Kind.NumberOf(item), Kind.CodeOf(item), Kind.TrackedOf(item));
            Count();
            HasLeft = Plan.Stop is StopKind.Abort or StopKind.Drain && Delivered.Count == Plan.StopAt;
            if (HasLeft)
                break;
        }
    }

    private void RunHere(StagedPipeline<T, T> pipeline, RunOptions options)
    {
        _hasRun.SetResult();
        foreach (T item in pipeline.RunSynchronously(Source(), options))
            Deliver(Kind.NumberOf(item), Kind.CodeOf(item), Kind.TrackedOf(item));
    }

    private T MakeSourceItem(int number)
    {
        T item = Kind.Make(number, number % 7, number);
        CheckInFlight();
        return item;
    }

    private IEnumerable<T> Source() => Enumerable.Range(0, Plan.Items).Select(MakeSourceItem);

    private async IAsyncEnumerable<T> Yielding()
    {
        foreach (T item in Source())
        {
            await Task.Yield();
            yield return item;
        }
    }

    private async ValueTask Sink(T item, CancellationToken cancellationToken)
    {
        await _hasRun.Task;
        CheckCharge(_run!.Snapshot().InFlightBytes, Kind.TrackedOf(item));
        Deliver(Kind.NumberOf(item), Kind.CodeOf(item), Kind.TrackedOf(item));
        await CountAsync(cancellationToken);
    }
}
