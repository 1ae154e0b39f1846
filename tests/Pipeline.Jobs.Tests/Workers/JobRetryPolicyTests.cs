namespace Pipeline.Jobs.Tests;

public sealed class JobRetryPolicyTests
{
    [Fact]
    public void Decide_DelaysGrowAndStayWithinBounds()
    {
        JobRetryPolicy policy = new();
        for (int errors = 0; errors < 60; errors++)
        {
            for (int i = 0; i < 50; i++)
            {
                JobEnding ending = policy.Decide(new IOException("away"), errors);
                double full = Math.Min(2 * Math.Pow(2, errors), 600);
                Assert.Equal(JobEndingKind.Error, ending.Kind);
                Assert.InRange(ending.Delay.TotalSeconds, full / 2, full);
            }
        }
    }

    [Fact]
    public void Decide_SameErrorTwice_DoesNotComeBackAtTheSameTime()
    {
        JobRetryPolicy policy = new();
        HashSet<TimeSpan> delays = [.. Enumerable.Range(0, 20).Select(_ => policy.Decide(new IOException("away"), 3).Delay)];
        Assert.True(delays.Count > 15);
    }

    [Fact]
    public void Decide_InvalidInput_FailsAtOnce() =>
        Assert.Equal(JobEndingKind.Failed, new JobRetryPolicy().Decide(new InvalidDataException("not a photo"), 0).Kind);
}
