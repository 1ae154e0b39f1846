namespace Pipeline.Sync.Tests.Counters;

/// <summary>What every correct counter promises. Each counter inherits it.</summary>
public abstract class CounterContract
{
    [Fact]
    public void ApproximateTotal_NewCounter_IsZero()
    {
        WithCounter(counter => Assert.Equal(0, counter.ApproximateTotal));
    }

    [Fact]
    public void Add_SeveralAmounts_TotalIsTheirSum()
    {
        WithCounter(counter =>
        {
            counter.Add(41);
            counter.Add(-3);
            counter.Add(0);
            counter.Increment();
            Assert.Equal(39, counter.ApproximateTotal);
        });
    }

    [Fact]
    public void Add_BeyondTheLargestValue_WrapsAround()
    {
        WithCounter(counter =>
        {
            counter.Add(long.MaxValue);
            counter.Increment();
            Assert.Equal(long.MinValue, counter.ApproximateTotal);
        });
    }

    [Fact]
    public void Increment_FromManyThreads_LosesNothing()
    {
        const int Threads = 8;
        const int PerThread = 50_000;
        WithCounter(counter =>
        {
            using Barrier start = new(Threads);
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                start.SignalAndWait(TimeSpan.FromSeconds(60));
                for (int i = 0; i < PerThread; i++)
                    counter.Increment();
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "A counting thread did not end in 60 s.");
            Assert.Equal((long)Threads * PerThread, counter.ApproximateTotal);
        });
    }

    [Fact]
    public void ApproximateTotal_WhileOthersIncrement_NeverFallsAndNeverExceeds()
    {
        const int Target = 200_000;
        WithCounter(counter =>
        {
            Thread writer = new(() =>
            {
                for (int i = 0; i < Target; i++)
                    counter.Increment();
            });
            writer.Start();
            long last = 0;
            while (last < Target)
            {
                long seen = counter.ApproximateTotal;
                Assert.InRange(seen, last, Target);
                last = seen;
                if (!writer.IsAlive && counter.ApproximateTotal < Target)
                    Assert.Fail($"The writer ended and the total is {counter.ApproximateTotal}, not {Target}.");
            }

            Assert.True(writer.Join(TimeSpan.FromSeconds(60)));
        });
    }

    protected abstract void WithCounter(Action<ICounter> test);
}
