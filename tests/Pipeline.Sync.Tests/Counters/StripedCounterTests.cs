namespace Pipeline.Sync.Tests.Counters;

public sealed class StripedCounterTests : CounterContract
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(1024, 1024)]
    public void Stripes_AnyRequest_IsRoundedUpToAPowerOfTwo(int requested, int expected) =>
        Assert.Equal(expected, new StripedCounter(requested).Stripes);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void Constructor_StripesOutOfRange_Throws(int stripes)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new StripedCounter(stripes));
        Assert.Contains("1 to 1,024", error.Message);
    }

    protected override void WithCounter(Action<ICounter> test) => test(new StripedCounter(8));
}
