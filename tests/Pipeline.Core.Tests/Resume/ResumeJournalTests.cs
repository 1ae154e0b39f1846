using System.Collections.Concurrent;

namespace Pipeline.Core.Tests.Resume;

/// <summary>Which items a journal records and a later run passes over.</summary>
public sealed class ResumeJournalTests : JournalTest
{
    [Fact]
    public async Task Run_WithAJournalOfAnEarlierOne_DoesOnlyWhatIsNotFinished()
    {
        ConcurrentBag<int> done = [];
        bool isFirst = true;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("resumed")
            .Where("even only", static x => x % 2 == 0)
            .Stage("work", async (x, ct) =>
            {
                await Task.Yield();
                done.Add(x);
                return isFirst && x % 10 == 0 ? throw new FormatException() : x;
            }, o => (o.Workers, o.Order, o.OnFailure) = (4, StageOrder.Completion, FailurePolicy.Skip))
            .Build();
        RunReport first = await RunAsync(pipeline, 100);
        Assert.Equal(
            (100L, 40L, 10L, 50L, 0L), (first.ItemsIn, first.ItemsCompleted, first.ItemsFailed, first.ItemsSkipped, first.ItemsResumed));
        done.Clear();
        isFirst = false;
        RunReport second = await RunAsync(pipeline, 100);
        Assert.Equal((10L, 10L, 0L, 90L), (second.ItemsIn, second.ItemsCompleted, second.ItemsFailed, second.ItemsResumed));
        Assert.Equal(Enumerable.Range(0, 10).Select(static x => x * 10), done.Order());
        Assert.Equal(100, (await RunAsync(pipeline, 100)).ItemsResumed);
    }

    [Theory]
    [InlineData(1, StageOrder.Input)]
    [InlineData(4, StageOrder.Input)]
    [InlineData(4, StageOrder.Completion)]
    public async Task Run_FaultsAgainAndAgain_DoesEverythingAndNothingThatIsRecordedTwice(int workers, StageOrder order)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        const int Items = 300;
        ConcurrentDictionary<int, int> delivered = [];
        int runs = 0;
        while (true)
        {
            int fatal = random.Next(Items);
            HashSet<int> recorded = Recorded(Items);
            StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("faulty")
                .Stage("work", async (x, ct) =>
                {
                    await Task.Yield();
                    return x == fatal && delivered.Count < Items - 10 ? throw new FormatException() : x;
                }, o => (o.Workers, o.Order) = (workers, order))
                .Build();
            await using ResumeJournal<int> journal = Open();
            PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, Items), (x, _) =>
            {
                Assert.False(recorded.Contains(x), $"Item {x} was recorded and is delivered again; seed {seed}.");
                delivered.AddOrUpdate(x, 1, static (_, times) => times + 1);
                return default;
            }, new RunOptions { Workers = 4, Journal = journal });
            await Task.WhenAny(run.Completion).OrHang(); // it may fault
            Assert.Equal(run.Report!.ItemsCompleted + recorded.Count, journal.Count);
            Assert.True(++runs < 1000, $"No end; seed {seed}.");
            if (run.Report.Outcome == RunOutcome.Completed)
                break;
            Assert.IsType<FormatException>(run.Completion.Exception!.InnerException!.InnerException);
        }

        Assert.Equal(Items, delivered.Count);
    }

    [Fact]
    public async Task SelectMany_APartFails_TheItemIsNotRecorded()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("parts")
            .SelectMany("split", static x => new[] { x, x + 1 })
            .Stage("work", static x => x == 3 ? throw new FormatException() : x, o => o.OnFailure = FailurePolicy.Skip).Build();
        await using ResumeJournal<int> journal = Open();
        await pipeline.RunAsync([0, 2, 4], new RunOptions { Journal = journal }).OrHang();
        Assert.Equal([0, 4], new[] { 0, 2, 4 }.Where(journal.Contains));
    }

    [Fact]
    public async Task Batch_OneFails_ItsItemsAreNotRecorded()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("batches")
            .Batch("pairs", new BatchOptions { MaxItems = 2 })
            .Stage(
                "work",
                static batch => batch[0] == 2 ? throw new FormatException() : batch.Count,
                o => o.OnFailure = FailurePolicy.Skip).Build();
        await using ResumeJournal<int> journal = Open();
        await pipeline.RunAsync(Enumerable.Range(0, 6), new RunOptions { Journal = journal }).OrHang();
        Assert.Equal([0, 1, 4, 5], Enumerable.Range(0, 6).Where(journal.Contains));
    }

    [Fact]
    public async Task StreamAsync_ConsumerLeaves_WhatItWorkedOnLastIsNotRecorded()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("streamed").Stage("work", static x => x).Build();
        List<int> seen = [];
        await using (ResumeJournal<int> journal = Open())
        {
            await foreach (int x in pipeline.StreamAsync(Enumerable.Range(0, 10), new RunOptions { Journal = journal }))
            {
                seen.Add(x);
                if (x == 4)
                    break; // as if it had failed on it
            }
        }

        Assert.Equal(Enumerable.Range(0, 4), Recorded(10).Order());
        await using (ResumeJournal<int> journal = Open())
        {
            await foreach (
                int x in pipeline.StreamAsync(Enumerable.Range(0, 10), new RunOptions { Journal = journal, MaxItemsInFlight = 1 }))
                seen.Add(x);
        }

        Assert.Equal([0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9], seen);
        Assert.Equal(10, Recorded(10).Count);
    }

    [Fact]
    public async Task Source_TwoItemsOfOneKey_StopTheRun()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("same").Stage("work", static x => x).Build();
        await using ResumeJournal<int> journal = Open();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(
            () => pipeline.RunAsync([1, 2, 1], new RunOptions { Journal = journal }).OrHang());
        Assert.Equal("source", error.Stage);
        Assert.Contains("Two items of the run have the key 'item 1'", error.InnerException!.Message);
    }

    [Fact]
    public async Task StartPush_SameItemSentAgain_IsPassedOver()
    {
        int done = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("pushed").Stage("work", x =>
        {
            Interlocked.Increment(ref done);
            return x;
        }).Build();
        await using ResumeJournal<int> journal = ResumeJournal.Open<int>(Path, Key, new ResumeJournalOptions { PassOverDuplicates = true });
        PipelineRun<int> run = pipeline.StartPush(out PipelineInput<int> input, options: new RunOptions { Journal = journal });
        foreach (int x in (int[])[1, 2, 1, 2, 3])
            await input.WriteAsync(x).AsTask().OrHang();
        input.Complete();
        RunReport report = await run.Completion.OrHang();
        Assert.Equal((3, 3L, 2L), (done, report.ItemsCompleted, report.ItemsResumed));
    }

    [Fact]
    public async Task Source_DisposableItemsThatArePassedOver_AreDisposedOnce()
    {
        StagedPipeline<TrackedItem, TrackedItem> pipeline = PipelineBuilder.Start<TrackedItem>("disposable")
            .Stage("work", static x => x)
            .Build();
        for (int round = 0; round < 2; round++)
        {
            TrackedItem[] items = [.. Enumerable.Range(0, 20).Select(static i => new TrackedItem(i))];
            await using ResumeJournal<TrackedItem> journal = ResumeJournal.Open<TrackedItem>(Path, static item => $"item {item.Number}");
            RunReport report = await pipeline.RunAsync(items, new RunOptions { Journal = journal }).OrHang();
            Assert.Equal(round * 20, report.ItemsResumed);
            Assert.All(items, static item => Assert.Equal(1, item.Disposals));
        }
    }

    [Fact]
    public async Task Run_JournalCannotBeWritten_StopsWithWhatHappened()
    {
        ResumeJournal<int> journal = Open();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("unwritable").Stage("work", async (x, ct) =>
        {
            await journal.DisposeAsync();
            return x;
        }).Build();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(
            () => pipeline.RunAsync(Endless(), new RunOptions { Journal = journal }).OrHang());
        Assert.Equal("journal", error.Stage);
        Assert.IsType<ObjectDisposedException>(error.InnerException);
    }

    [Fact]
    public async Task RunOptions_JournalOfOtherItems_IsRefused()
    {
        await using ResumeJournal<string> journal = ResumeJournal.Open<string>(Path, static text => text);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("numbers").Stage("work", static x => x).Build();
        ArgumentException error =
            await Assert.ThrowsAsync<ArgumentException>(() => pipeline.RunAsync([1], new RunOptions { Journal = journal }));
        Assert.Contains("takes items of Int32", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Key_EmptyOrNull_StopsTheRun(string? key)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("keyless").Stage("work", static x => x).Build();
        await using ResumeJournal<int> journal = ResumeJournal.Open<int>(Path, _ => key!);
        PipelineStageException error =
            await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync([1], new RunOptions { Journal = journal }).OrHang());
        Assert.Contains("must have 1 to 65,535 bytes", error.InnerException!.Message);
    }

    [Fact]
    public async Task Run_AnotherRunOfTheSameJournalFinishedAnItem_PassesItOver()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("two at once").Stage("work", static x => x).Build();
        await using ResumeJournal<int> journal = Open();
        PipelineRun<int> first = pipeline.StartPush(out PipelineInput<int> input, options: new RunOptions { Journal = journal });
        await pipeline.RunAsync([1], new RunOptions { Journal = journal }).OrHang();
        await input.WriteAsync(1).AsTask().OrHang();
        await input.WriteAsync(2).AsTask().OrHang();
        input.Complete();
        RunReport report = await first.Completion.OrHang();
        Assert.Equal((1L, 1L), (report.ItemsCompleted, report.ItemsResumed));
    }

    [Fact]
    public async Task Run_JournalCouldNotBeWrittenBefore_IsRefused()
    {
        ResumeJournal<int> journal = Open();
        int done = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("unwritable").Stage("work", x =>
        {
            Interlocked.Increment(ref done);
            return x;
        }).Build();
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync([1], new RunOptions { Journal = journal }).OrHang());
        done = 0;
        IOException error = await Assert.ThrowsAsync<IOException>(
            () => pipeline.RunAsync(Enumerable.Range(2, 1000), new RunOptions { Journal = journal }).OrHang());
        Assert.Contains("could not be written", error.Message);
        Assert.Equal(0, done);
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++)
            yield return i;
    }

    private async Task<RunReport> RunAsync(StagedPipeline<int, int> pipeline, int items)
    {
        await using ResumeJournal<int> journal = Open();
        return await pipeline.RunAsync(Enumerable.Range(0, items), new RunOptions { Workers = 4, Journal = journal }).OrHang();
    }
}
