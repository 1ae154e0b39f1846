using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pipeline.Core.Tests.Runs;

/// <summary>Runs use threads again, and nothing that a body left on one reaches the next run.</summary>
public sealed class CarrierThreadTests
{
    private static readonly AsyncLocal<string?> s_ambient = new();

    [Fact]
    public async Task RunAsync_OneAfterTheOther_UsesThreadsAgain()
    {
        HashSet<Thread> threads = [];
        StagedPipeline<int, int> pipeline = On(_ => threads.Add(Thread.CurrentThread));
        for (int i = 0; i < 200; i++)
            await pipeline.RunAsync([i]).OrHang();
        Assert.InRange(threads.Count, 1, 100); // runs of other tests take threads, too
    }

    [Fact]
    public async Task StartPush_ManyRunsWaitForItems_HoldNoThreads()
    {
        const int Runs = 200;
        ConcurrentDictionary<Thread, bool> threads = [];
        List<(PipelineInput<int> Input, PipelineRun<int> Run)> runs = [];
        for (int i = 0; i < Runs; i++)
        {
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            PipelineRun<int> run = On(_ => threads[Thread.CurrentThread] = true).StartPush(out PipelineInput<int> input, (_, _) =>
            {
                done.SetResult();
                return default;
            });
            runs.Add((input, run));
            await input.WriteAsync(i);
            await done.Task.OrHang();
        }

        Assert.InRange(threads.Count, 1, Runs / 2); // runs of other tests take threads, too
        foreach ((PipelineInput<int> input, PipelineRun<int> run) in runs)
        {
            input.Complete();
            await run.Completion.OrHang();
        }
    }

    [Fact]
    public async Task RunAsync_BodySetAnAmbientValue_TheNextRunHasThatOfItsCaller()
    {
        for (int i = 0; i < 20; i++)
        {
            string? seen = null;
            s_ambient.Value = $"caller {i}";
            await On(_ =>
            {
                seen = s_ambient.Value;
                s_ambient.Value = "body";
            }).RunAsync([i]).OrHang();
            Assert.Equal($"caller {i}", seen);
            Assert.Equal($"caller {i}", s_ambient.Value);
        }
    }

    [Fact]
    public async Task RunAsync_CallerSuppressesTheFlowOfItsContext_BodiesSeeNone()
    {
        s_ambient.Value = "caller";
        for (int i = 0; i < 20; i++)
        {
            string? seen = "not run";
            Task run;
            using (ExecutionContext.SuppressFlow())
            {
                run = On(_ =>
                {
                    seen = s_ambient.Value;
                    s_ambient.Value = "body";
                }).RunAsync([i]);
            }

            await run.OrHang();
            Assert.Null(seen);
        }
    }

    [Fact]
    public async Task RunAsync_ThreadsStartedWhenTinyBodiesTurnOutToBlock_HaveTheAmbientValueOfTheCaller()
    {
        const int Workers = 4, Tiny = 1000;
        for (int i = 0; i < 10; i++)
        {
            s_ambient.Value = "caller";
            ConcurrentBag<string?> seen = [];
            using Barrier all = new(Workers);
            StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("ambient").Stage("body", x =>
            {
                if (x < Tiny)
                    return x;
                seen.Add(s_ambient.Value);
                Assert.True(all.SignalAndWait(Limits.Hang), "not all workers run");
                return x;
            }, static o => o.Workers = Workers).Build();
            await pipeline.RunAsync(Enumerable.Range(0, Tiny + Workers), new RunOptions { Workers = Workers }).OrHang();
            Assert.Equal(Enumerable.Repeat("caller", Workers), seen);
        }
    }

    [Fact]
    public async Task RunAsync_BodyChangedThePriorityOfItsThread_TheNextRunHasTheNormalOne()
    {
        for (int i = 0; i < 20; i++)
        {
            ThreadPriority before = default;
            await On(_ =>
            {
                before = Thread.CurrentThread.Priority;
                Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            }).RunAsync([i]).OrHang();
            Assert.Equal(ThreadPriority.Normal, before);
        }
    }

    [Fact]
    public async Task RunAsync_ThreadUsedAgain_HasTheNameOfTheNewRun()
    {
        for (int i = 0; i < 20; i++)
        {
            string? name = null;
            await On(_ => name = Thread.CurrentThread.Name, $"photos {i}").RunAsync([i]).OrHang();
            Assert.Equal($"Pipeline photos {i}", name);
        }
    }

    [Fact]
    public async Task RunAsync_AThreadIsOnItsWay_NoOtherIsStarted()
    {
        const int Items = 200;
        using ManualResetEventSlim arrives = new();
        int started = 0;

        // Called on a thread that takes the caller's context, which it does before it carries the run. The second one comes late.
        AsyncLocal<bool> ambient = new(change =>
        {
            if (change.CurrentValue && Thread.CurrentThread.Name == "Pipeline on its way" && Interlocked.Increment(ref started) > 1)
                arrives.Wait(Limits.Hang);
        });
        ambient.Value = true;
        int done = 0;
        await On(_ =>
        {
            long start = Stopwatch.GetTimestamp(); // a body that is worth a thread
            while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < 100)
            {
            }

            if (Interlocked.Increment(ref done) == Items)
                arrives.Set();
        }, "on its way").RunAsync(Enumerable.Range(0, Items), new RunOptions { Workers = 4 }).OrHang();
        Assert.Equal(2, started);
    }

    private static StagedPipeline<int, int> On(Action<int> body, string name = "carriers") =>
        PipelineBuilder.Start<int>(name).Stage("body", x =>
    {
        body(x);
        return x;
    }).Build();
}
