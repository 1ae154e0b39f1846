using Pipeline.Sync;
using Pipeline.Testing;
using Pipeline.Testing.Xunit;

namespace Pipeline.Snippets;

internal static class TestingSnippets
{
    // <snippet testing-model>
    internal static ModelProgram TwoWorkers() => new("two workers", world =>
    {
        ModelVariable<int> total = world.Variable("total", 0);
        for (int worker = 0; worker < 2; worker++)
        {
            world.Participant(async () =>
            {
                int seen = await total.Read();      // each await of a step is a place where another worker may come in
                await total.Write(seen + 1);
            });
        }

        world.AtEnd("total is 2", () => total.Value == 2, () => $"it is {total.Value}");
    });
    // </snippet>

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
        var total = world.Named("total", new InterlockedCounter());
        for (int worker = 0; worker < 2; worker++) world.Participant($"worker {worker}", () => total.Increment());
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
            lock (_gate) _isOpen = true;
            _opened.TrySetResult();
        }

        public Task WaitAsync()
        {
            while (SyncPoint.IsControlled)
            {
                SyncPoint.Before(SyncPointKind.Read, this);
                if (_isOpen) return Task.CompletedTask;
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
    public void Total_TwoWorkers_CountsEveryPhoto(Schedule schedule) => Interleaving.Check(TestingSnippets.TwoWorkers(), schedule);
}
// </snippet>
