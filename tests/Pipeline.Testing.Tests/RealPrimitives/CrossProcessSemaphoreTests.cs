using Pipeline.Sync;

namespace Pipeline.Testing.Tests.RealPrimitives;

/// <summary>The license pool of Pipeline.Sync with a kill at every sync point: each participant has its own files, as a process has.</summary>
public sealed class CrossProcessSemaphoreTests
{
    [Fact]
    public void AcquireAsync_ThreeProcessesAndAKillAnywhere_LosesNoPermitUpToBoundTwo()
    {
        ExplorationReport report = Explore(kernelReturnsPermits: true);

        Assert.True(report.IsProof, report.ToString());
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
    }

    [Fact]
    public void AcquireAsync_KernelDoesNotReturnThePermit_IsFound()
    {
        // The negative control: were the files of the dead not closed, the same program must fail.
        Counterexample found = Explore(kernelReturnsPermits: false).Counterexample!;

        Assert.Single(found.Schedule.Crashes);
        Assert.True(found.Certificate.IsMinimal);
    }

    private static ExplorationReport Explore(bool kernelReturnsPermits)
    {
        string root = Directory.CreateTempSubdirectory("explorer-licenses-").FullName;
        try
        {
            return new Explorer().Explore(
                new ControlledProgram("license pool", world => Build(world, root, kernelReturnsPermits), crashes: 1),
                SearchStrategy.Exhaustive(2));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Build(ControlledWorld world, string root, bool kernelReturnsPermits)
    {
        int inside = 0, most = 0;
        for (int i = 0; i < 3; i++)
        {
            CrossProcessSemaphore pool = CrossProcessSemaphore.Open(root, "filter", capacity: 2);
            world.Named("license", pool);
            world.CleanUp(pool.Dispose);
            bool holds = false;
            world.Process($"P{i}", async _ =>
            {
                await using PermitLease lease = await pool.AcquireAsync(TestContext.Current.CancellationToken);
                holds = true;
                most = Math.Max(most, ++inside);
                SyncPoint.Before(SyncPointKind.Update, pool); // the filter runs, and may be killed here
                inside--;
                holds = false;
            }, onKill: () =>
            {
                if (holds)
                    inside--; // the license comes back, so the dead one no longer counts as a holder
                if (kernelReturnsPermits)
                    pool.Dispose();
            });
        }

        world.AtEnd(
            "never more than 2 at once, and all permits are free", () =>
                most <= 2 && CrossProcessSemaphore.Describe(root, "filter").Held == 0,
            () => $"{most} at once, {CrossProcessSemaphore.Describe(root, "filter")}");
    }
}
