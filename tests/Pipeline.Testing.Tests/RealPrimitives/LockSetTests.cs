using Pipeline.Sync;

namespace Pipeline.Testing.Tests.RealPrimitives;

/// <summary>The locks of Pipeline.Sync under every schedule with at most two preemptions.</summary>
public sealed class LockSetTests
{
    private static readonly LockLevel s_filter = LockLevel.Define("filter license", 1020, "explorer tests");
    private static readonly LockLevel s_watermark = LockLevel.Define("watermark license", 1030, "explorer tests");
    private static readonly LockLevel s_encode = LockLevel.Define("encode license", 1040, "explorer tests");

    [Fact]
    public void AcquireAsync_ThreeJobsNameTheirLocksInACircle_NobodyIsStuckUpToBoundTwo()
    {
        ControlledProgram program = new("lock sets in a circle", world =>
        {
            OrderedLock filter = world.Named("filter", new OrderedLock(s_filter, "filter"), l => l.IsHeld ? "held" : "free");
            OrderedLock watermark = world.Named("watermark", new OrderedLock(s_watermark, "watermark"), l => l.IsHeld ? "held" : "free");
            OrderedLock encode = world.Named("encode", new OrderedLock(s_encode, "encode"), l => l.IsHeld ? "held" : "free");
            int inside = 0;
            world.Participant("A", () => JobAsync(filter, watermark));
            world.Participant("B", () => JobAsync(watermark, encode));
            world.Participant("C", () => JobAsync(encode, filter));
            world.AtEnd(
                "all three are done and every lock is free", () => inside == 3 && !filter.IsHeld && !watermark.IsHeld && !encode.IsHeld);

            async Task JobAsync(OrderedLock first, OrderedLock second)
            {
                await using HeldLocks held = await LockSet.AcquireAsync(
                    Timeout.InfiniteTimeSpan, first, second, TestContext.Current.CancellationToken);
                inside++;
            }
        });

        ExplorationReport report = new Explorer().Explore(program, SearchStrategy.Exhaustive(2));
        Assert.True(report.IsProof, report.ToString());
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
    }

    [Fact]
    public void TryAcquireAsync_SecondLockBusyWithoutWaiting_GivesTheFirstBackUpToBoundTwo()
    {
        ControlledProgram program = new("lock sets that try once", world =>
        {
            OrderedLock filter = world.Named("filter", new OrderedLock(s_filter, "filter"));
            OrderedLock watermark = world.Named("watermark", new OrderedLock(s_watermark, "watermark"));
            for (int i = 0; i < 2; i++)
            {
                world.Participant($"try {i}", async () =>
                {
                    await using LockResult result = await LockSet.TryAcquireAsync(
                        TimeSpan.Zero, watermark, filter, TestContext.Current.CancellationToken);
                });
            }

            world.Participant("stamp", async () =>
            {
                await using HeldLocks held = await LockSet.AcquireAsync(
                    Timeout.InfiniteTimeSpan, watermark, TestContext.Current.CancellationToken);
            });
            world.AtEnd("every lock is free", () => !filter.IsHeld && !watermark.IsHeld);
        });

        ExplorationReport report = new Explorer().Explore(program, SearchStrategy.Exhaustive(2));
        Assert.True(report.IsProof, report.ToString());
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
    }
}
