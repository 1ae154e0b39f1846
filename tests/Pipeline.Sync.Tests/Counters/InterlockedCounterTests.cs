namespace Pipeline.Sync.Tests.Counters;

public sealed class InterlockedCounterTests : CounterContract
{
    [Fact]
    public void AddAndGet_FromManyThreads_NeverReturnsTheSameNumberTwice()
    {
        InterlockedCounter counter = new();
        long[][] seen = [.. Enumerable.Range(0, 4).Select(_ => new long[20_000])];
        Parallel.ForEach(seen, mine =>
        {
            for (int i = 0; i < mine.Length; i++)
                mine[i] = counter.AddAndGet(1);
        });
        Assert.Equal(80_000, seen.SelectMany(x => x).Distinct().Count());
    }

    [Fact]
    public void Take_WhileOthersIncrement_EveryIncrementIsInExactlyOneResult()
    {
        InterlockedCounter counter = new();
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < 200_000; i++)
                counter.Increment();
        }, TestContext.Current.CancellationToken);
        long taken = 0;
        while (!writer.IsCompleted)
            taken += counter.Take();
        Assert.Equal(200_000, taken + counter.Take());
        Assert.Equal(0, counter.Value);
    }

    protected override void WithCounter(Action<ICounter> test) => test(new InterlockedCounter());
}
