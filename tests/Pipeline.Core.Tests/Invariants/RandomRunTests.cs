using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>I1 to I6 over random definitions; FsCheck prints the seed of a failure.</summary>
public sealed class RandomRunTests
{
    [Property(MaxTest = 150, Arbitrary = [typeof(RandomRunTests)])]
    public void Run_RandomDefinition_KeepsTheInvariants(Plan plan)
    {
        Outcome outcome = Execute(plan).GetAwaiter().GetResult();
        RunReport report = outcome.Report;

        // I1: what is in flight fits the budget, but for the oldest item, which may come on top with all it needs.
        if (plan.Budget is { } budget)
            Assert.InRange(report.PeakInFlightBytes, 0, budget + MaxWeight);

        // I2: nothing is lost or counted twice.
        Assert.Equal(report.ItemsIn, report.ItemsCompleted + report.ItemsFailed + report.ItemsSkipped + report.ItemsUnfinished);
        Assert.Equal(outcome.Delivered.Count, report.ItemsCompleted);
        Assert.Equal(report.ItemsFailed, report.Failures.Count);
        Assert.Equal(outcome.Delivered.Count, outcome.Delivered.Distinct().Count());
        if (report.Outcome == RunOutcome.Completed)
            Assert.Equal(0, report.ItemsUnfinished);

        // I3: an ordered end gives out in order.
        if (plan.Stages[^1].Order == StageOrder.Input)
        {
            Assert.Equal(outcome.Delivered.Order(), outcome.Delivered);
            if (outcome.Error is { } stopper)
                Assert.DoesNotContain(outcome.Delivered, number => number > stopper.SequenceNumber);
        }

        // I4 and I5: no body began after the run said that it ended, and the exception is the one and only kind.
        Assert.Equal(outcome.StartedAtEnd, outcome.StartedLater());
        Assert.Equal(report.Outcome == RunOutcome.Faulted, outcome.Error is not null);
        if (outcome.Error is { } error)
            Assert.IsType<InjectedException>(error.InnerException);

        // I6: what was not delivered is disposed exactly once, what was delivered is the sink's.
        Assert.All(outcome.Items.All, item => Assert.Equal(outcome.DeliveredItems.Contains(item) ? 0 : 1, item.Disposals));
    }

    private const long MaxWeight = 500;

    public static Arbitrary<Plan> Plans()
    {
        Gen<StagePlan> stage =
            from workers in Gen.Choose(1, 16)
            from capacity in Gen.Frequency((3, Gen.Choose(1, 3)), (1, Gen.Choose(4, 64)))
            from order in Gen.Elements(StageOrder.Input, StageOrder.Completion)
            from failEvery in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(2, 40)))
            from policy in Gen.Elements(FailurePolicy.Stop, FailurePolicy.Skip, FailurePolicy.Skip.WithRetry(2, TimeSpan.Zero), FailurePolicy.Stop.WithRetry(3, TimeSpan.FromTicks(1)), FailurePolicy.Skip.WithMaxFailures(4))
            from estimates in Gen.Elements(true, false)
            from pauses in Gen.Choose(0, 4)
            select new StagePlan(workers, capacity, order, failEvery, policy, estimates, pauses);
        Gen<Plan> plan =
            from count in Gen.Choose(1, 4)
            from stages in stage.ArrayOf(count)
            from items in Gen.Choose(0, 120)
            from workers in Gen.Choose(1, 16)
            from budget in Gen.Frequency((1, Gen.Constant<long?>(null)), (2, Gen.Choose(1, 3000).Select(b => (long?)b)))
            from most in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(1, 10).Select(m => (int?)m)))
            from stopAt in Gen.Frequency((3, Gen.Constant(-1)), (1, Gen.Choose(0, 60)))
            from drains in Gen.Elements(true, false)
            from sourceYields in Gen.Elements(true, false)
            select new Plan(stages, items, workers, budget, most, stopAt, drains, sourceYields);
        return plan.ToArbitrary();
    }

    private static async Task<Outcome> Execute(Plan plan)
    {
        StrongBoxOfItems items = new();
        int started = 0;
        PipelineBuilder<TrackedItem, TrackedItem> builder = PipelineBuilder.Start<TrackedItem>("random");
        for (int i = 0; i < plan.Stages.Length; i++)
        {
            StagePlan stage = plan.Stages[i];
            builder = builder.Stage($"stage {i}", new RandomStage(stage, i, items, () => Interlocked.Increment(ref started)), o =>
                (o.Workers, o.Capacity, o.Order, o.OnFailure) = (stage.Workers, stage.Capacity, stage.Order, stage.Policy));
        }

        List<long> delivered = [];
        HashSet<TrackedItem> deliveredItems = [];
        PipelineRun<TrackedItem>? run = null;
        TaskCompletionSource hasRun = new();
        async ValueTask Sink(TrackedItem item, CancellationToken ct)
        {
            await hasRun.Task;
            delivered.Add(item.Number);
            deliveredItems.Add(item);
            if (delivered.Count != plan.StopAt)
                return;
            if (plan.Drains)
                run!.Drain();
            else
                run!.Abort();
        }

        RunOptions options = new() { Workers = plan.Workers, MemoryBudgetBytes = plan.Budget, MaxItemsInFlight = plan.MaxInFlight };
        IEnumerable<TrackedItem> source = Enumerable.Range(0, plan.Items).Select(n => items.New(n, n % 7));
        run = plan.SourceYields ? builder.Build().Start(Yielding(source), Sink, options) : builder.Build().Start(source, Sink, options);
        hasRun.SetResult();
        PipelineStageException? error = null;
        try
        {
            await run.Completion.OrHang();
        }
        catch (PipelineStageException stopped)
        {
            error = stopped;
        }
        catch (OperationCanceledException)
        {
        }

        int startedAtEnd = Volatile.Read(ref started);
        return new Outcome(run.Report!, error, delivered, deliveredItems, items, startedAtEnd, () => Volatile.Read(ref started));
    }

    private static async IAsyncEnumerable<TrackedItem> Yielding(IEnumerable<TrackedItem> items)
    {
        foreach (TrackedItem item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

    public sealed record StagePlan(int Workers, int Capacity, StageOrder Order, int FailEvery, FailurePolicy Policy, bool Estimates, int Pauses);

    public sealed record Plan(StagePlan[] Stages, int Items, int Workers, long? Budget, int? MaxInFlight, int StopAt, bool Drains, bool SourceYields)
    {
        public override string ToString() => $"{Items} items, {Workers} workers, budget {Budget}, in flight {MaxInFlight}, stop at {StopAt} drain {Drains}, yields {SourceYields}: {string.Join(" -> ", (object[])Stages)}";
    }

    private sealed record Outcome(RunReport Report, PipelineStageException? Error, List<long> Delivered, HashSet<TrackedItem> DeliveredItems, StrongBoxOfItems Items, int StartedAtEnd, Func<int> StartedLater);

    private sealed class InjectedException : Exception;

    /// <summary>Disposes its item and makes a new one; fails and pauses as planned.</summary>
    private sealed class RandomStage(StagePlan plan, int index, StrongBoxOfItems items, Action onStart) : IStage<TrackedItem, TrackedItem>, IWeightEstimator<TrackedItem>
    {
        private readonly ConcurrentDictionary<int, int> _tries = new();

        public long EstimateWeightBytes(TrackedItem item) => plan.Estimates ? Weight(item) : 0;

        public IStageWorker<TrackedItem, TrackedItem> CreateWorker(StageWorkerContext context) => new Worker(this);

        private long Weight(TrackedItem item) => item.Number * 37L * (index + 1) % MaxWeight;

        private sealed class Worker(RandomStage stage) : IStageWorker<TrackedItem, TrackedItem>
        {
            public async ValueTask<TrackedItem> ProcessAsync(TrackedItem item, CancellationToken cancellationToken)
            {
                stage.Plan();
                for (int i = item.Number % (stage.Pauses + 1); i > 0; i--)
                    await Task.Yield();
                int tries = stage._tries.AddOrUpdate(item.Number, 1, static (_, n) => n + 1);
                if (stage.FailEvery > 0 && item.Number % stage.FailEvery == 0 && tries != 2)
                    throw new InjectedException();
                TrackedItem result = items(stage).New(item.Number, stage.EstimateWeightBytes(item));
                item.Dispose();
                return result;
            }

            public ValueTask DisposeAsync() => default;

            private static StrongBoxOfItems items(RandomStage stage) => stage.Items;
        }

        private StrongBoxOfItems Items => items;

        private int Pauses => plan.Pauses;

        private int FailEvery => plan.FailEvery;

        private void Plan() => onStart();
    }
}
