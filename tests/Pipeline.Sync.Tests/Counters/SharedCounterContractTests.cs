namespace Pipeline.Sync.Tests.Counters;

public sealed class SharedCounterContractTests : CounterContract
{
    protected override void WithCounter(Action<ICounter> test)
    {
        using TemporaryFolder folder = new();
        using SharedCounterSet set = SharedCounterSet.Open(folder["counters"], [new("first"), new("level", "", CounterKind.Gauge)]);
        test(set["level"]); // a gauge: it may be added to with any sign
    }
}
