using System.Diagnostics.Metrics;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>The invariants I1 to I8 over random definitions; FsCheck prints the seed of a failure. README.md lists a mutation for each.</summary>
public sealed class InvariantTests
{
    [Property(MaxTest = 150, Arbitrary = [typeof(ChainPlans)])]
    public void Run_RandomChain_KeepsTheInvariants(Plan plan)
    {
        PlanRun run = new PlanRun(plan).ExecuteAsync().GetAwaiter().GetResult();
        CheckAll(plan, run);
        if (plan.Budget is { } budget)
            Assert.InRange(run.Report.PeakInFlightBytes, 0, budget + Piece.MaxWeight); // I1, of one-for-one stages exactly one item on top
    }

    [Property(MaxTest = 250, Arbitrary = [typeof(ShapePlans)])]
    public void Run_RandomShapes_KeepsTheInvariants(Plan plan) => CheckAll(plan, new PlanRun(plan).ExecuteAsync().GetAwaiter().GetResult());

    /// <summary>I7: without a consumer that asks, all items get to the last hop.</summary>
    [Property(MaxTest = 50, Arbitrary = [typeof(ChainPlans)])]
    public void Stream_NobodyPolls_StagesGoOnToTheLastHop(Plan plan)
    {
        int items = Math.Min(plan.Items, 60), finished = 0;
        TaskCompletionSource all = new();
        PipelineBuilder<int, int> builder = PipelineBuilder.Start<int>("unpolled");
        foreach (Piece piece in plan.Pieces)
            builder = builder.Stage(piece.Name, async (x, ct) => { await Pause(x, piece); return x; }, o => (o.Workers, o.Capacity, o.Order) = (piece.Workers, piece.Capacity, piece.Order));
        StagedPipeline<int, int> pipeline = builder.Stage("last", x =>
        {
            if (Interlocked.Increment(ref finished) == items)
                all.SetResult();
            return x;
        }).Build();
        Check().GetAwaiter().GetResult();

        async Task Check()
        {
            await using IAsyncEnumerator<int> results = pipeline.StreamAsync(Enumerable.Range(0, items), new RunOptions { Workers = plan.Workers }).GetAsyncEnumerator();
            Assert.Equal(items > 0, await results.MoveNextAsync().AsTask().OrHang());
            if (items > 0)
                await all.Task.OrHang(); // nobody asks for a second result
        }
    }

    /// <summary>I8: meters, a timeline and progress change no result and no count.</summary>
    [Property(MaxTest = 60, Arbitrary = [typeof(ShapePlans)])]
    public void Run_Observed_GivesTheSame(Plan plan)
    {
        plan = plan with { Stop = StopKind.None };
        PlanRun plain = new PlanRun(plan).ExecuteAsync().GetAwaiter().GetResult();
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, l) =>
        {
            if (instrument.Meter.Name == "Pipeline.Core")
                l.EnableMeasurementEvents(instrument);
        };
        listener.Start();
        PlanRun observed = new PlanRun(plan).ExecuteAsync(o => (o.Progress, o.RecordTimeline, o.ProgressInterval) = (new Ignoring(), true, TimeSpan.FromMilliseconds(10))).GetAwaiter().GetResult();
        CheckAll(plan, observed);
        if (plain.Report.Outcome != RunOutcome.Completed || observed.Report.Outcome != RunOutcome.Completed)
            return;
        Assert.Equal(plain.Delivered.Order(), observed.Delivered.Order());
        if (plan.KeepsOrder)
            Assert.Equal(plain.Delivered, observed.Delivered);
        if (!plan.Contains(PieceKind.Batch)) // how items fall into batches may differ from run to run
            Assert.Equal(plain.Report.Stages.Select(s => (s.Name, s.Items, s.Failures, s.Retries)), observed.Report.Stages.Select(s => (s.Name, s.Items, s.Failures, s.Retries)));
    }

    /// <summary>However a run ends, its journal has exactly the items that are finished, and the next one passes over them and no others.</summary>
    [Property(MaxTest = 60, Arbitrary = [typeof(ShapePlans)])]
    public void Run_Journaled_RecordsWhatIsFinished(Plan plan)
    {
        string path = Path.GetTempFileName();
        try
        {
            PlanRun first = Journaled(plan, out long firstCount);
            Assert.Equal(first.Report.ItemsCompleted + first.Report.ItemsSkipped, firstCount);
            CheckAll(plan, first);
            PlanRun second = Journaled(plan with { Stop = StopKind.None }, out long secondCount);
            Assert.Equal(firstCount, second.Report.Outcome == RunOutcome.Completed ? second.Report.ItemsResumed : firstCount);
            Assert.Equal(firstCount + second.Report.ItemsCompleted + second.Report.ItemsSkipped, secondCount);
        }
        finally
        {
            File.Delete(path);
        }

        PlanRun Journaled(Plan planned, out long count)
        {
            ResumeJournal<Shared<TrackedItem>> journal = ResumeJournal.Open<Shared<TrackedItem>>(path, static item => $"{item.Value.Number}");
            PlanRun run = new PlanRun(planned).ExecuteAsync(o => o.Journal = journal).GetAwaiter().GetResult();
            count = journal.Count;
            journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return run;
        }
    }

    private static void CheckAll(Plan plan, PlanRun run)
    {
        RunReport report = run.Report;
        Oracle oracle = new(plan);

        // I1: what is in flight fits the budget, but for the head of the order with all its parts, and for the few bytes that items bring along from the source
        // before anybody can reserve them. A worker of a one-to-many stage may make one part with the last byte of the budget, because only then its weight is
        // known. Nothing is claimed for parts in front of a batch, and behind shapes that mix the order, where the run may only not stand still.
        if (plan.Budget is { } budget && plan.KeepsAge && !(plan.Contains(PieceKind.Split) && plan.Contains(PieceKind.Batch)))
            Assert.InRange(report.PeakInFlightBytes, 0, budget + ((Piece.PartsOf(plan.Pieces) + 1 + plan.Pieces.Sum(static piece => piece.WorkersThatSplit)) * Piece.MaxWeight));

        // I2: nothing is lost, made up or counted twice.
        Assert.Equal(report.ItemsIn, report.ItemsCompleted + report.ItemsFailed + report.ItemsSkipped + report.ItemsUnfinished);
        if (report.Outcome == RunOutcome.Completed)
        {
            Assert.Equal((plan.Items, 0), (report.ItemsIn, report.ItemsUnfinished));
            Assert.Equal(oracle.Results.Order(), run.Delivered.Order());
            if (!plan.Contains(PieceKind.Batch)) // what becomes of a batch becomes of all its items
                Assert.Equal((oracle.Completed, oracle.Failed, oracle.Skipped), (report.ItemsCompleted, report.ItemsFailed, report.ItemsSkipped));
        }

        if (plan.GivesOnePerItem)
        {
            Assert.Equal(run.DeliveredNumbers.Distinct().Count(), run.DeliveredNumbers.Count);
            Assert.Equal(run.DeliveredNumbers.Count, report.ItemsCompleted);
        }

        // I3: an ordered definition gives a beginning of what it should give, however it ends, and nothing behind the item that stopped it.
        if (plan.KeepsOrder)
        {
            Assert.Equal(oracle.Results.Take(run.Delivered.Count), run.Delivered);
            if (run.Error is { } stopper && !plan.Contains(PieceKind.Batch))
                Assert.DoesNotContain(run.DeliveredNumbers, number => number > stopper.SequenceNumber);
        }

        // I4: when the run says that it has ended, no body runs and none begins; after a stop none begins but those that were about to.
        Assert.Equal((0, run.StartedAtEnd), (run.RunningAtEnd, run.Started));
        if (run.StartedAtStop is { } started)
            Assert.InRange(run.StartedAtEnd - started, 0, plan.Workers);

        // I5: one kind of exception with the original inside; a cancellation carries the caller's token.
        Assert.Equal(report.Outcome == RunOutcome.Faulted, run.Error is not null);
        Assert.Equal(report.Outcome == RunOutcome.Canceled, run.Cancellation is not null);
        if (run.Error is { } error)
            Assert.True(error.InnerException is InjectedException || error.InnerException!.Message.Contains("has no route", StringComparison.Ordinal), error.ToString());
        if (run.Cancellation is not null && plan.Stop == StopKind.Token)
            Assert.Equal(run.CallerToken, run.Cancellation.CancellationToken);

        // I6: what was not delivered is disposed exactly once, what was delivered is the sink's.
        Assert.All(run.Items.All, item => Assert.Equal(run.DeliveredItems.Contains(item) ? 0 : 1, item.Disposals));
    }

    private static async Task Pause(int x, Piece piece)
    {
        for (int i = x % (piece.Pauses + 1); i > 0; i--)
            await Task.Yield();
    }

    public static class ChainPlans
    {
        public static FsCheck.Arbitrary<Plan> Plans() => Plan.Chains();
    }

    public static class ShapePlans
    {
        public static FsCheck.Arbitrary<Plan> Plans() => Plan.Shapes();
    }

    private sealed class Ignoring : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
        }
    }
}
