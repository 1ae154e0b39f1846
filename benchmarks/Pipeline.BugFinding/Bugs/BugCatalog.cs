namespace Pipeline.BugFinding.Bugs;

/// <summary>The twelve seeded bugs.</summary>
internal static class BugCatalog
{
    public static IReadOnlyList<SeededBug> All { get; } =
    [
        new("lost update, 2 threads x 1", () => LostUpdate(2, 1)),
        new("lost update, 3 threads x 3", () => LostUpdate(3, 3)),
        new("check, then claim", CheckThenClaim),
        new("license pool overshoots", PoolOvershoots),
        new("torn pair", TornPair),
        new("published before initialized", PublishedEarly),
        new("ledger looks up and appends under two locks", DoubleCharge),
        new("lock set without roll-back", LeakyLockSet),
        new("lost wake-up", LostWakeUp, Hangs: true),
        new("A-B / B-A", () => OppositeOrder(0), Hangs: true),
        new("A-B / B-A with 40 steps of padding", () => OppositeOrder(40), Hangs: true),
        new("five philosophers", Philosophers, Hangs: true, PctDepth: 3),
    ];

    private static BugRun LostUpdate(int threads, int increments)
    {
        Cell total = new();
        return new BugRun(
            [.. Enumerable.Range(0, threads).Select(_ => (Action)(() =>
            {
                for (int i = 0; i < increments; i++)
                    total.Value += 1; }))],
            () => total.Peek == threads * increments);
    }

    private static BugRun CheckThenClaim()
    {
        Cell claimed = new();
        int[] processed = new[] { 0, 0 };
        return new BugRun([() => Worker(0), () => Worker(1)], () => processed.Sum() == 1);

        void Worker(int index)
        {
            if (claimed.Value != 0)
                return;
            claimed.Value = 1;
            processed[index] = 1;
        }
    }

    private static BugRun PoolOvershoots()
    {
        Cell free = new(1);
        int[] got = [0, 0];
        return new BugRun([() => Take(0), () => Take(1)], () => got.Sum() <= 1);

        void Take(int index)
        {
            int seen = free.Value;
            if (seen == 0)
                return;
            free.Value = seen - 1;
            got[index] = 1;
        }
    }

    private static BugRun TornPair()
    {
        Cell photos = new();
        Cell bytes = new();
        bool agreed = true;
        return new BugRun(
        [
            () =>
            {
                photos.Value = 1;
                bytes.Value = 50;
            },
            () => agreed = bytes.Value == 50 * photos.Value,
        ], () => agreed);
    }

    private static BugRun PublishedEarly()
    {
        Cell ready = new();
        Cell value = new();
        int seen = 7;
        return new BugRun(
        [
            () =>
            {
                ready.Value = 1;
                value.Value = 7;
            },
            () =>
            {
                if (ready.Value == 1)
                    seen = value.Value; },
        ], () => seen == 7);
    }

    private static BugRun DoubleCharge()
    {
        Mutex gate = new();
        Cell charged = new();
        Cell charges = new();
        return new BugRun([Charge, Charge], () => charges.Peek == 1);

        void Charge()
        {
            gate.Enter();
            bool known = charged.Value == 1;
            gate.Exit();
            if (known)
                return;
            gate.Enter();
            charged.Value = 1;
            charges.Value += 1;
            gate.Exit();
        }
    }

    private static BugRun LeakyLockSet()
    {
        Mutex filter = new();
        Mutex watermark = new();
        return new BugRun(
        [
            () =>
            {
                if (!filter.TryEnter() || !watermark.TryEnter())
                    return; // keeps the filter license
                watermark.Exit();
                filter.Exit(); },
            () =>
            {
                watermark.Enter();
                watermark.Exit();
            },
        ], () => !filter.IsHeld && !watermark.IsHeld);
    }

    private static BugRun LostWakeUp()
    {
        Cell ready = new();
        Signal signal = new();
        return new BugRun(
        [
            () =>
            {
                if (ready.Value == 1)
                    return;
                signal.Reset();
                signal.Wait(); },
            () =>
            {
                ready.Value = 1;
                signal.Set();
            },
        ], () => true);
    }

    private static BugRun OppositeOrder(int padding)
    {
        Mutex filter = new();
        Mutex watermark = new();
        return new BugRun([() => TakeBoth(filter, watermark), () => TakeBoth(watermark, filter)], () => true);

        void TakeBoth(Mutex first, Mutex second)
        {
            Cell own = new();
            for (int i = 0; i < padding / 4; i++)
                own.Value += 1;
            first.Enter();
            second.Enter();
            second.Exit();
            first.Exit();
            for (int i = 0; i < padding / 4; i++)
                own.Value += 1;
        }
    }

    private static BugRun Philosophers()
    {
        Mutex[] forks = [.. Enumerable.Range(0, 5).Select(_ => new Mutex())];
        return new BugRun(
            [.. Enumerable.Range(0, 5).Select(seat => (Action)(() =>
            {
                forks[seat].Enter();
                forks[(seat + 1) % 5].Enter();
                forks[(seat + 1) % 5].Exit();
                forks[seat].Exit();
            }))],
            () => true);
    }
}
