using System.Diagnostics;
using System.Diagnostics.Metrics;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>The invariants I1 to I8 over random definitions; FsCheck prints the seed of a failure. README.md lists a mutation for each.</summary>
public sealed class InvariantTests
{
    [Property(MaxTest = 200, Arbitrary = [typeof(ChainPlans)])]
    public void Run_RandomChain_KeepsTheInvariants(Plan plan)
    {
        PlanRun run = PlanRun.ExecuteAsync(plan).GetAwaiter().GetResult();
        Laws.Check(plan, run);
        if (plan.Budget is { } budget && run.Report is { } report)
            Assert.InRange(report.PeakInFlightBytes, 0, budget + Piece.MaxWeight); // I1, of one-for-one stages exactly one item on top
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(ShapePlans)])]
    public void Run_RandomShapes_KeepsTheInvariants(Plan plan) => Laws.Check(plan, PlanRun.ExecuteAsync(plan).GetAwaiter().GetResult());

    /// <summary>
    /// I1: while one item is in flight, the run counts what that weighs, whatever shapes it went through (see <see cref="PlanRun.CheckCharge"/>).
    /// </summary>
    [Property(MaxTest = 100, Arbitrary = [typeof(SingleItemPlans)])]
    public void Run_OneItemInFlight_CountsWhatItWeighs(Plan plan) => Laws.Check(plan, PlanRun.ExecuteAsync(plan).GetAwaiter().GetResult());

    /// <summary>I7: without a consumer that asks, all items get to the last hop.</summary>
    [Property(MaxTest = 50, Arbitrary = [typeof(ChainPlans)])]
    public void Stream_NobodyPolls_StagesGoOnToTheLastHop(Plan plan)
    {
        int items = Math.Min(plan.Items, 60), finished = 0;
        TaskCompletionSource all = new();
        PipelineBuilder<int, int> builder = PipelineBuilder.Start<int>("unpolled");
        foreach (Piece piece in plan.Pieces)
            builder = builder.Stage(piece.Name, async (x, ct) =>
            {
                await Pause(x, piece);
                return x;
            }, o => (o.Workers, o.Capacity, o.Order) = (piece.Workers, piece.Capacity, piece.Order));
        StagedPipeline<int, int> pipeline = builder.Stage("last", x =>
        {
            if (Interlocked.Increment(ref finished) == items)
                all.SetResult();
            return x;
        }).Build();
        Check().GetAwaiter().GetResult();

        async Task Check()
        {
            await using IAsyncEnumerator<int> results =
                pipeline.StreamAsync(Enumerable.Range(0, items), new RunOptions { Workers = plan.Workers }).GetAsyncEnumerator();
            Assert.Equal(items > 0, await results.MoveNextAsync().AsTask().OrHang());
            if (items > 0)
                await all.Task.OrHang(); // nobody asks for a second result
        }
    }

    /// <summary>I8: accounts, meters, activities, a timeline and progress change no result and no count.</summary>
    [Property(MaxTest = 60, Arbitrary = [typeof(ShapePlans)])]
    public void Run_Observed_GivesTheSame(Plan plan)
    {
        plan =
            plan with { Stop = StopKind.None, End = plan.End == RunEnd.NoSink ? RunEnd.NoSink : RunEnd.Sink, KeepsAccounts = plan.IsTuned };
        PlanRun plain = PlanRun.ExecuteAsync(plan).GetAwaiter().GetResult();
        using ActivityListener activities = new()
        {
            ShouldListenTo = static source => source.Name == "Pipeline.Core",
            Sample = static (ref _) => ActivitySamplingResult.AllData
        };
        ActivitySource.AddActivityListener(activities);
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, l) =>
        {
            if (instrument.Meter.Name == "Pipeline.Core")
                l.EnableMeasurementEvents(instrument);
        };
        listener.Start();
        PlanRun observed = PlanRun.ExecuteAsync(plan, static o => (o.KeepAccounts, o.Progress, o.RecordTimeline,
            o.ProgressInterval) = (true, new Ignoring(), true, TimeSpan.FromMilliseconds(10))).GetAwaiter().GetResult();
        Laws.Check(plan, observed);
        Laws.Check(plan, plain);
        if (plain.Report!.Outcome != RunOutcome.Completed || observed.Report!.Outcome != RunOutcome.Completed)
            return;
        Assert.Equal(plain.Delivered.Order(), observed.Delivered.Order());
        if (plan.KeepsOrder)
            Assert.Equal(plain.Delivered, observed.Delivered);
        if (!plan.Contains(PieceKind.Batch)) // how items fall into batches may differ from run to run
            Assert.Equal(
                plain.Report.Stages.Select(s => (s.Name, s.Items, s.Failures, s.Retries)),
                observed.Report.Stages.Select(s => (s.Name, s.Items, s.Failures, s.Retries)));
    }

    /// <summary>However a run ends, its journal has exactly the items that are finished, and the next one passes over them and no others.</summary>
    [Property(MaxTest = 60, Arbitrary = [typeof(ShapePlans)])]
    public void Run_Journaled_RecordsWhatIsFinished(Plan plan)
    {
        plan = plan with
        {
            Kind = ItemKind.Shared,
            End = plan.End == RunEnd.NoSink
            ? RunEnd.NoSink
            : RunEnd.Sink,
            Items = Math.Min(plan.Items, 60)
        };
        string path = Path.GetTempFileName();
        try
        {
            PlanRun first = Journaled(plan, out long firstCount);
            Assert.Equal(first.Report!.ItemsCompleted + first.Report.ItemsSkipped, firstCount);
            Laws.Check(plan, first);
            PlanRun second = Journaled(plan with { Stop = StopKind.None }, out long secondCount);
            Assert.Equal(firstCount, second.Report!.Outcome == RunOutcome.Completed ? second.Report.ItemsResumed : firstCount);
            Assert.Equal(firstCount + second.Report.ItemsCompleted + second.Report.ItemsSkipped, secondCount);
        }
        finally
        {
            File.Delete(path);
        }

        PlanRun Journaled(Plan planned, out long count)
        {
            ResumeJournal<Shared<TrackedItem>> journal =
                ResumeJournal.Open<Shared<TrackedItem>>(path, static item => $"{item.Value.Number}");
            PlanRun run = PlanRun.ExecuteAsync(planned, o => o.Journal = journal).GetAwaiter().GetResult();
            count = journal.Count;
            journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return run;
        }
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

    public static class SingleItemPlans
    {
        public static FsCheck.Arbitrary<Plan> Plans() => Plan.SingleItems();
    }

    private sealed class Ignoring : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
        }
    }
}
