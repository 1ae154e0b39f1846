using Pipeline.Testing.Xunit;
using Xunit;
using static Pipeline.Snippets.TestingPrograms;

namespace Pipeline.Snippets;

internal static class TestingSnippets
{
    internal static void Explore()
    {
        // <snippet testing-explore>
        ExplorationReport report = new Explorer().Explore(TwoWorkers(), SearchStrategy.Exhaustive(bound: 2));
        Console.WriteLine(report);
        // </snippet>
    }

    // <snippet testing-controlled>
    internal static ControlledProgram RealCounter() => new("real counter", world =>
    {
        InterlockedCounter total = world.Named("total", new InterlockedCounter());
        for (int worker = 0; worker < 2; worker++)
            world.Participant($"worker {worker}", () => total.Increment());
        world.AtEnd("total is 2", () => total.Value == 2);
    });
    // </snippet>

    // <snippet testing-own-primitive>
    internal sealed class Latch
    {
        private bool _isOpen; // in production guarded by _gate; under control one participant runs at a time
        private readonly Lock _gate = new();
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open()
        {
            SyncPoint.Before(SyncPointKind.Write, this);
            lock (_gate)
                _isOpen = true;
            _opened.TrySetResult();
        }

        public Task WaitAsync()
        {
            while (SyncPoint.IsControlled)
            {
                SyncPoint.Before(SyncPointKind.Read, this);
                if (_isOpen)
                    return Task.CompletedTask;
                SyncPoint.WaitUntil(SyncPointKind.Read, this, () => _isOpen);
            }

            return _opened.Task;
        }
    }
    // </snippet>
}

// <snippet testing-property>
public sealed class TotalTests
{
    [InterleavingProperty]
    public void Total_TwoWorkers_CountsEveryPhoto(Schedule schedule) => Interleaving.Check(TwoWorkers(), schedule);
}
// </snippet>

// <snippet testing-own-test>
public sealed class QuotaTests
{
    [Fact]
    public void TryTake_TwoAtOnce_KeepsTheQuota()
    {
        ExplorationReport report = new Explorer().Explore(LastPhotoTwice());
        Assert.True(report.IsProof, report.ToString());
    }
}
// </snippet>

internal static class ReplaySnippet
{
    internal static void Replay()
    {
        // <snippet testing-replay>
        Trace run = new Explorer().Replay(LastPhotoTwice(), "v1/00bf7cd1/p1=0/x/c");
        Assert.True(run.Failure is null, run.ToString());
        // </snippet>
    }
}
