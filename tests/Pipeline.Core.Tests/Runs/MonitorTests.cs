namespace Pipeline.Core.Tests.Runs;

/// <summary>The moment at which the watch takes from a turn what it has not begun, while the turn goes on with the next items.</summary>
public sealed class MonitorTests
{
    [Theory]
    [InlineData(StageOrder.Input)]
    [InlineData(StageOrder.Completion)]
    public async Task RunAsync_WatchStepsInWhileATurnGoesOn_RunsEachItemOnce(StageOrder order)
    {
        const int Items = 40_000, Every = 997;
        int[] calls = new int[Items];
        WatchClock clock = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("watched")
            .Stage("work", Work, o => (o.Workers, o.Capacity, o.Order) = (1, 1000, order))
            .Build();
        List<int> results = [];
        await pipeline.RunAsync(Enumerable.Range(0, Items), (x, _) =>
        {
            results.Add(x);
            return default;
        }, new RunOptions { Workers = 2, TimeProvider = clock }).OrHang();
        Assert.All(calls, static count => Assert.Equal(1, count));
        Assert.Equal(Enumerable.Range(0, Items), order == StageOrder.Input ? results : results.Order());
        Assert.NotEqual(0, clock.StepsIn);

        int Work(int x)
        {
            Interlocked.Increment(ref calls[x]);
            if (x >= 5000 && x % Every == 0) // by then turns are long
                clock.WaitForSecondLook();
            Thread.SpinWait(20);
            return x;
        }
    }

    [Fact]
    public async Task RunAsync_TurnStandsStillWhileOthersComeAndGo_GivesWhatItHasNotBegunToThem()
    {
        const int First = 5000, Slow = 30, Behind = 200; // by item 5000 turns are long, but not as long as 200 items
        using CancellationTokenSource end = new(Limits.Hang);
        int released = 0;
        StagedPipeline<Item, Item> pipeline = PipelineBuilder.Start<Item>("behind")
            .Stage("work", Work, static o => (o.Workers, o.Capacity, o.Order) = (2, 1000, StageOrder.Completion))
            .Build();
        RunReport report = await pipeline.RunAsync(Source(), new RunOptions { Workers = 2 }, end.Token);
        Assert.Equal(report.ItemsIn, report.ItemsCompleted);

        // One slow item after the other, each waits for those behind it, and always something else to do.
        IEnumerable<Item> Source()
        {
            for (int i = 0; i < First; i++)
                yield return default;
            for (int slow = 0; slow < Slow; slow++)
            {
                CountdownEvent behind = new(Behind);
                yield return new Item(behind, IsSlow: true);
                for (int i = 0; i < Behind; i++)
                    yield return new Item(behind, IsSlow: false);
                while (Volatile.Read(ref released) == slow)
                    yield return default;
            }
        }

        Item Work(Item item)
        {
            if (item.IsSlow)
            {
                item.Behind!.Wait(end.Token);
                Interlocked.Increment(ref released);
            }
            else
            {
                item.Behind?.Signal();
            }

            return item;
        }
    }

    /// <summary>
    /// A real clock that knows when the watch reads it, which it does at the start of each look. The first look at a turn only notes it. At the second one the
    /// clock keeps the watch until the waiting body goes on, so that what the watch does next happens beside the next bodies of the turn.
    /// </summary>
    private sealed class WatchClock : TimeProvider
    {
        private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1); // a turn of one item may be watched by nobody

        private readonly ManualResetEventSlim _go = new();
        private int _looks; // since a body waits
        private volatile bool _isWaiting;

        /// <summary>Gets how often the watch was at its second look while a body waited.</summary>
        internal int StepsIn { get; private set; }

        public override long GetTimestamp()
        {
            if (_isWaiting && Thread.CurrentThread.Name == "Pipeline monitor" && ++_looks == 2)
            {
                _go.Set();
                while (_isWaiting)
                    Thread.SpinWait(1);
            }

            return base.GetTimestamp();
        }

        internal void WaitForSecondLook()
        {
            _go.Reset();
            _looks = 0;
            _isWaiting = true;
            if (_go.Wait(s_longest))
                StepsIn++;
            _isWaiting = false;
        }
    }

    private readonly record struct Item(CountdownEvent? Behind, bool IsSlow);
}
