namespace Pipeline.Core.Tests.Definitions;

public sealed class FailurePolicyTests
{
    [Fact]
    public void WithRetry_ZeroAttempts_IsRefusedWithTheRange()
    {
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => FailurePolicy.Stop.WithRetry(0, TimeSpan.Zero));
        Assert.Contains("1 to 100", error.Message);
    }
}
