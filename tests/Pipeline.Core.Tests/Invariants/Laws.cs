namespace Pipeline.Core.Tests.Invariants;

/// <summary>The invariants as checks of one run.</summary>
internal static class Laws
{
    public static void Check(Plan plan, PlanRun run)
    {
        Oracle oracle = new(plan);
        Assert.Empty(run.Violations);
        if (run.Report is { } report)
        {
            CheckBudget(plan, run, report);
            CheckCounts(plan, run, report, oracle);
            Assert.Equal(report.Outcome == RunOutcome.Faulted, run.Error is not null);
            Assert.Equal(report.Outcome == RunOutcome.Canceled, run.Cancellation is not null);
        }

        CheckResults(plan, run, oracle);
        CheckEnd(plan, run);
        CheckError(plan, run);

        // I6: what was not delivered is disposed exactly once, what was delivered is the sink's.
        Assert.All(run.Items.All, static item => Assert.Equal(item.IsDelivered ? 0 : 1, item.Disposals));
    }

    /// <summary>I1: what is in flight fits the budget, and everything is given back.</summary>
    private static void CheckBudget(Plan plan, PlanRun run, RunReport report)
    {
        if (plan.BoundsBytes)
            Assert.InRange(report.PeakInFlightBytes, 0, plan.MostBytes);
        if (report.Outcome is RunOutcome.Completed or RunOutcome.Drained)
            Assert.Equal(0, run.BytesAtEnd);
    }

    /// <summary>I2: nothing is lost, made up or counted twice.</summary>
    private static void CheckCounts(Plan plan, PlanRun run, RunReport report, Oracle oracle)
    {
        Assert.Equal(report.ItemsIn, report.ItemsCompleted + report.ItemsFailed + report.ItemsSkipped + report.ItemsUnfinished);
        Assert.Equal(report.Failures.Count, run.DeadLetters.Count);
        Assert.InRange(report.Workers, 1, plan.MostWorkers);
        if (plan.GivesOnePerItem && plan.End != RunEnd.NoSink)
            Assert.Equal(run.DeliveredNumbers.Count, report.ItemsCompleted);
        if (report.Outcome != RunOutcome.Completed)
            return;
        Assert.Equal((plan.Items, 0), (report.ItemsIn + report.ItemsResumed, report.ItemsUnfinished));
        if (report.ItemsResumed > 0)
            return; // the oracle knows only whole runs
        foreach (StageReport stage in report.Stages)
        {
            if (oracle.Stages.TryGetValue(NameOf(stage.Name), out (long Items, long Retries) expected))
                Assert.Equal((stage.Name, expected.Items, expected.Retries), (stage.Name, stage.Items, stage.Retries));
        }

        if (plan.Contains(PieceKind.Batch))
            return; // what becomes of a batch becomes of all its items
        Assert.Equal((oracle.Completed, oracle.Failed, oracle.Skipped), (report.ItemsCompleted, report.ItemsFailed, report.ItemsSkipped));
        Assert.Equal(oracle.Failed, report.Failures.Select(static failure => failure.SequenceNumber).Distinct().Count());
    }

    /// <summary>I3: an ordered definition gives a beginning of what it should give, however it ends, and nothing behind the item that stopped it.</summary>
    private static void CheckResults(Plan plan, PlanRun run, Oracle oracle)
    {
        if (plan.End == RunEnd.NoSink)
        {
            Assert.Empty(run.Delivered);
            return;
        }

        if (run.IsComplete && run.Report is not { ItemsResumed: > 0 })
            Assert.Equal(oracle.Results.Order(), run.Delivered.Order());
        if (plan.GivesOnePerItem)
            Assert.Equal(run.DeliveredNumbers.Distinct().Count(), run.DeliveredNumbers.Count);
        if (!plan.KeepsOrder)
            return;
        if (run.Report is not { ItemsResumed: > 0 })
            Assert.Equal(oracle.Results.Take(run.Delivered.Count), run.Delivered);
        if (run.Error is { } stopper && !plan.Contains(PieceKind.Batch))
            Assert.DoesNotContain(run.DeliveredNumbers, number => number > stopper.SequenceNumber);
    }

    /// <summary>
    /// I4: when the run says that it has ended, no body runs, none begins and no worker lives; after a stop none begins but those that were about to.
    /// </summary>
    private static void CheckEnd(Plan plan, PlanRun run)
    {
        Assert.Equal((0, 0, run.StartedAtEnd), (run.RunningAtEnd, run.LiveWorkersAtEnd, run.Started));
        if (run.StartedAtStop is not { } started)
            return;
        Assert.InRange(run.StartedAtEnd - started, 0, plan.MostWorkers);
        Assert.InRange(run.Delivered.Count - run.DeliveredAtStop, 0, 1);
    }

    /// <summary>I5: one kind of exception with the facts and the original inside; a cancellation carries the caller's token.</summary>
    private static void CheckError(Plan plan, PlanRun run)
    {
        if (run.Cancellation is not null && plan.Stop == StopKind.Token)
            Assert.Equal(run.CallerToken, run.Cancellation.CancellationToken);
        if (run.Error is not { } error)
            return;
        Piece piece = Assert.Single(plan.All, piece => piece.Name == NameOf(error.Stage));
        bool isRoute = piece.Kind == PieceKind.Route;
        Assert.True(isRoute
            ? error.InnerException!.Message.Contains("has no route", StringComparison.Ordinal)
            : error.InnerException is InjectedException, error.ToString());
        Assert.True(piece.Policy.StopsRun || piece.Policy.MaxFailures is not null, error.ToString());
        Assert.Equal(isRoute ? 1 : piece.Policy.MaxAttempts, error.Attempt);
        Assert.Equal(plan.Kind == ItemKind.Plain, error.Item is PlainItem);
        if (plan.Contains(PieceKind.Batch))
            return; // a batch has the number of its first item
        int number = (int)error.SequenceNumber;
        Assert.True(isRoute ? piece.RouteOf(number) < 0 : piece.Fails(number, error.Attempt), error.ToString());
        Assert.True(error.Item is not PlainItem item || item.Number == number, error.ToString());
    }

    /// <summary>Gets the name that a stage of a branch has in its branch.</summary>
    private static string NameOf(string stage) => stage[(stage.LastIndexOf('/') + 1)..];
}
