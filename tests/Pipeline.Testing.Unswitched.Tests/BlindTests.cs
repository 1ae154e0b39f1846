using Pipeline.Lab;
using Pipeline.Sync;

namespace Pipeline.Testing.Unswitched.Tests;

public sealed class BlindTests
{
    [Fact]
    public void Explore_SyncPointsOff_EndsBecauseTheCanaryPassed()
    {
        Assert.SkipWhen(SyncPoint.IsEnabled, $"{SyncPoint.EnvironmentVariable} is set in this environment.");
        ControlledProgram program = new("racy, and unseen", world =>
        {
            RacyCounter counter = new();
            for (int i = 0; i < 2; i++)
                world.Participant($"P{i}", counter.Increment);
            world.AtEnd("total is 2", () => counter.ApproximateTotal == 2);
        });

        ExplorerBlindException error = Assert.Throws<ExplorerBlindException>(() => new Explorer().Explore(program));
        Assert.Equal("racy counter", error.Canary);
        Assert.Contains(SyncPoint.SwitchName, error.Message, StringComparison.Ordinal);
    }
}
