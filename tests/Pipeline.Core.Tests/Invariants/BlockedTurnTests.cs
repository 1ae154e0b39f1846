using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>
/// Turns over several items: one body that blocks until the next item runs holds up nothing but itself (I7), and nothing gets lost or mixed up on the way
/// (I2, I3).
/// </summary>
public sealed class BlockedTurnTests
{
    [Property(MaxTest = 60, Arbitrary = [typeof(TurnPlans)])]
    public void Run_FunctionThatWaitsForTheNextItem_IsPassedBy(TurnPlan plan) => RunAsync(plan).GetAwaiter().GetResult();

    private static async Task RunAsync(TurnPlan plan)
    {
        using ManualResetEventSlim next = new();
        int[] calls = new int[plan.Items];
        PipelineBuilder<int, int> builder = PipelineBuilder.Start<int>("turns");
        for (int i = 0; i < plan.Stages.Length; i++)
        {
            TurnStage stage = plan.Stages[i];
            int waiting = i == plan.WaitingStage ? plan.WaitingItem : -1;
            builder = builder.Stage(
                $"stage {i}", x => Work(x, waiting), o => (o.Workers, o.Capacity, o.Order) = (stage.Workers, stage.Capacity, stage.Order));
        }

        List<int> results = [];
        Func<int, CancellationToken, ValueTask>? sink = plan.HasSink ? (x, _) =>
        {
            results.Add(x);
            return default;
        }
        : null;
        PipelineRun<int> run = builder.Build().Start(Enumerable.Range(0, plan.Items), sink, new RunOptions
        {
            Workers = plan.Workers,
            KeepAccounts = plan.KeepsAccounts,
            MemoryBudgetBytes = plan.HasBudget ? long.MaxValue : null
        });
        RunReport report = await run.Completion.OrHang();
        Assert.Equal((plan.Items, 0L, 0L), (report.ItemsCompleted, report.ItemsFailed, report.ItemsUnfinished));
        Assert.All(report.Stages, stage => Assert.Equal(plan.Items, stage.Items));
        Assert.All(calls, count => Assert.Equal(plan.Stages.Length, count));
        if (!plan.HasSink)
            return;
        Assert.Equal(Enumerable.Range(0, plan.Items), plan.KeepsOrder ? results : results.Order());

        int Work(int x, int waiting)
        {
            Interlocked.Increment(ref calls[x]);
            if (x == waiting)
                Assert.True(next.Wait(Limits.Hang), $"item {x + 1} did not run beside item {x}");
            else if (x == waiting + 1 && waiting >= 0)
                next.Set();
            return x;
        }
    }

    public sealed record TurnStage(int Workers, int Capacity, StageOrder Order);

    /// <param name="HasBudget">True when a turn takes one item, however tiny the function is.</param>
    /// <param name="WaitingItem">The item whose body waits until the body of the next one runs, at one stage with two workers or more.</param>
    public sealed record TurnPlan(
        TurnStage[] Stages, int Items, int Workers, int WaitingStage, int WaitingItem, bool HasSink, bool KeepsAccounts, bool HasBudget)
    {
        internal bool KeepsOrder => Stages[^1].Order == StageOrder.Input;

        public override string ToString() =>
            $"{Items} items, {Workers} workers, item {WaitingItem} waits at {WaitingStage}, sink {HasSink}, accounts {KeepsAccounts}, "
                + $"budget {HasBudget}: {string.Join(" -> ", (object[])Stages)}";
    }

    public static class TurnPlans
    {
        public static Arbitrary<TurnPlan> Plans() => (
            from count in Gen.Choose(1, 3)
            from stages in Gen.ArrayOf(Stage(), count)
            from items in Gen.Choose(2, 4000)
            from workers in Gen.Choose(2, 6)
            from waitingStage in Gen.Choose(0, count - 1)
            from waitingItem in Gen.Choose(0, items - 2)
            from hasSink in Gen.Elements(true, false)
            from accounts in Gen.Elements(true, false)
            from budget in Gen.Elements(true, false)
            select new TurnPlan(stages, items, workers, waitingStage, waitingItem, hasSink, accounts, budget)).ToArbitrary();

        private static Gen<TurnStage> Stage() =>
            from workers in Gen.Choose(2, 16)
            from capacity in Gen.Choose(1, 64)
            from order in Gen.Elements(StageOrder.Input, StageOrder.Completion)
            select new TurnStage(workers, capacity, order);
    }
}
