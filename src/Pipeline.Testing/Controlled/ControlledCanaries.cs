namespace Pipeline.Testing;

/// <summary>Real code that must fail: a racy counter, and two locks in opposite orders.</summary>
internal static class ControlledCanaries
{
    private static readonly ControlledProgram[] s_all = [new("racy counter", RacyCounter), new("A-B / B-A", OppositeOrder)];

    public static void Check(ExplorerOptions options)
    {
        foreach (ControlledProgram canary in s_all)
        {
            if (new BoundedSearch(canary, 1, options).FindFirst() is not { Failure.Kind: FailureKind.RuleBroken or FailureKind.Deadlock })
            {
                throw new ExplorerBlindException(canary.Name, SyncPoint.IsEnabled
                    ? "Sync points are on, but do not reach the scheduler."
                    : $"Sync points are off in this process. Add <RuntimeHostConfigurationOption Include=\"{SyncPoint.SwitchName}\" "
                        + $"Value=\"true\" /> to an ItemGroup in the project file of the tests, or set the environment variable "
                        + $"{SyncPoint.EnvironmentVariable} to 1.");
            }
        }
    }

    private static void RacyCounter(ControlledWorld world)
    {
        CanaryCounter counter = new();
        for (int i = 0; i < 2; i++)
            world.Participant($"P{i}", counter.Increment);
        world.AtEnd("total is 2", () => counter.Total == 2);
    }

    private static void OppositeOrder(ControlledWorld world)
    {
        CanaryLock a = new("a");
        CanaryLock b = new("b");
        world.Participant("P0", () => TakeBoth(a, b));
        world.Participant("P1", () => TakeBoth(b, a));

        static void TakeBoth(CanaryLock first, CanaryLock second)
        {
            first.Acquire();
            second.Acquire();
            second.Release();
            first.Release();
        }
    }

    /// <summary>Reads, adds and writes in separate steps, so that concurrent additions get lost. Guarded by nothing, on purpose.</summary>
    private sealed class CanaryCounter
    {
        public long Total { get; private set; }

        public void Increment()
        {
            SyncPoint.Before(SyncPointKind.Read, this);
            long read = Total;
            SyncPoint.Before(SyncPointKind.Write, this);
            Total = read + 1;
        }
    }

    /// <summary>The smallest lock that keeps the protocol of sync points. Guarded by nothing: one participant runs at a time.</summary>
    private sealed class CanaryLock(string name)
    {
        private bool _isHeld;

        public void Acquire()
        {
            SyncPoint.Before(SyncPointKind.Acquire, this);
            while (_isHeld && SyncPoint.WaitUntil(SyncPointKind.Acquire, this, () => !_isHeld))
            {
            }

            _isHeld = true;
        }

        public void Release()
        {
            SyncPoint.Before(SyncPointKind.Release, this);
            _isHeld = false;
        }

        public override string ToString() => name;
    }
}
