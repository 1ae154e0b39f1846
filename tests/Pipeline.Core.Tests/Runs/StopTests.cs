namespace Pipeline.Core.Tests.Runs;

/// <summary>What an end that comes from outside finds under way.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Abort_WhileAFailureStopsTheRun_DoesNotHideIt()
    {
        TaskCompletionSource<PipelineRun<int>> started = new();
        TaskCompletionSource beside = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("twice stopped").Stage("work", async (x, stop) =>
        {
            if (x == 0)
            {
                await beside.Task;
                throw new FormatException();
            }

            beside.SetResult();
            TaskCompletionSource canceled = new();
            await using CancellationTokenRegistration registration =
                stop.UnsafeRegister(static canceled => ((TaskCompletionSource)canceled!).SetResult(), canceled);
            await canceled.Task;
            (await started.Task).Abort();
            return x;
        }, static o => o.Workers = 2).Build();
        PipelineRun<int> run = pipeline.Start([0, 1], options: new RunOptions { Workers = 2 });
        started.SetResult(run);
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => run.Completion.OrHang());
        Assert.Equal(("work", 0L, RunOutcome.Faulted), (error.Stage, error.SequenceNumber, run.Report!.Outcome));
    }

    [Fact]
    public async Task Abort_InsideAnEnumeration_MakesNoFurtherPart()
    {
        const int Last = 3000;
        int made = 0;
        TaskCompletionSource<PipelineRun<int>> started = new();
        IEnumerable<int> Parts()
        {
            for (; made < 2 * Last; made++)
            {
                if (made == Last)
                    started.Task.GetAwaiter().GetResult().Abort();
                yield return made;
            }
        }

        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("aborted")
            .SelectMany("split", _ => Parts())
            .Stage("next", static x => x, static o => o.Capacity = 2 * Last)
            .Build();
        PipelineRun<int> run = pipeline.Start([0], options: new RunOptions { Workers = 1 });
        started.SetResult(run);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion.OrHang());
        Assert.Equal(Last, made);
    }

    [Fact]
    public async Task Abort_PartsForWhichThereIsNoRoom_DisposesThem()
    {
        // The part of the second item waits until the first item has given all of its own: one is in a body, and the hop holds its capacity and one for
        // each worker.
        const int Room = 1 + 1 + 2;
        TaskCompletionSource ahead =
            new(TaskCreationOptions.RunContinuationsAsynchronously), full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StrongBoxOfItems parts = new();
        async IAsyncEnumerable<TrackedItem> Split(int item)
        {
            if (item == 0)
            {
                await ahead.Task;
                for (int made = 1; ; made++)
                {
                    if (made == Room)
                        full.SetResult();
                    yield return parts.New(0);
                }
            }

            ahead.SetResult();
            yield return parts.New(1);
        }

        PipelineRun<TrackedItem> run = PipelineBuilder.Start<int>("ahead").SelectMany("split", x => Split(x), static o => o.Workers = 2)
            .Stage("next", static async (x, stop) =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return x;
            }, static o => (o.Workers, o.Capacity) = (1, 1))
            .Build().Start([0, 1], options: new RunOptions { Workers = 3 });
        await full.Task.OrHang();
        run.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion.OrHang());
        Assert.Equal([.. Enumerable.Repeat(0, Room), 1], parts.All.Select(static part => part.Number).Order());
        Assert.All(parts.All, static part => Assert.Equal(1, part.Disposals));
    }

    [Fact]
    public async Task Abort_ItemThatTakesLongToDispose_EndsTheRunBehindIt()
    {
        TaskCompletionSource began = new();
        LongDisposal item = new();
        PipelineRun<LongDisposal> run = PipelineBuilder.Start<LongDisposal>("long disposal")
            .Stage("hang", async (x, stop) =>
            {
                began.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
                return x;
            }).Build().Start([item]);
        await began.Task.OrHang();
        run.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion.OrHang());
        Assert.True(item.IsDisposed);
    }

    [Fact]
    public async Task Drain_BatchCollectsBesideABodyThatWaitsForIt_GivesItOut()
    {
        // No thread carries the run when the call comes, which alone makes the batch the last one: the source may not give the next item yet.
        TaskCompletionSource<Thread> called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("drained").Broadcast(
            "both",
            static o => o.Order = StageOrder.Completion,
            b => b.Stage("call", async (x, _) =>
            {
                called.SetResult(Thread.CurrentThread);
                await stored.Task;
                return x;
            }),
            b => b.Batch("collect", new BatchOptions { MaxItems = 10 }).Stage("store", batch =>
            {
                stored.SetResult();
                return batch.Count;
            })).Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 5), options: new RunOptions { Workers = 2, MaxItemsInFlight = 1 });
        Thread carrier = await called.Task.OrHang();
        Assert.True(SpinWait.SpinUntil(() => (carrier.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0, Limits.Hang));
        run.Drain();
        RunReport report = await run.Completion.OrHang();
        Assert.Equal((RunOutcome.Drained, 1L), (report.Outcome, report.ItemsCompleted));
    }

    private sealed class LongDisposal : IAsyncDisposable
    {
        private bool _isDisposed; // Volatile only

        internal bool IsDisposed => Volatile.Read(ref _isDisposed);

        public async ValueTask DisposeAsync()
        {
            for (int i = 0; i < 10_000; i++) // many more steps than the run takes to end
                await Task.Yield();
            Volatile.Write(ref _isDisposed, true);
        }
    }
}
