using Pipeline.Sync.Sqlite;

namespace Pipeline.Snippets;

internal static class SyncSnippets
{
    public static async Task Licenses(CancellationToken cancellationToken)
    {
        // <snippet sync-licenses>
        using CrossProcessSemaphore licenses = CrossProcessSemaphore.Open("/var/lib/photos/licenses", "filter", capacity: 3);

        await using (PermitLease lease = await licenses.AcquireAsync(1, "photo 17", cancellationToken))
        {
            // at most three of these run at a time, over all processes
        }
        // </snippet>
    }

    public static async Task TakeSeveral(
        CrossProcessSemaphore filterLicenses,
        CrossProcessSemaphore watermarkLicenses,
        OrderedLock catalogLock,
        CancellationToken cancellationToken)
    {
        // <snippet sync-lock-set>
        await using HeldLocks held =
            await LockSet.AcquireAsync(TimeSpan.FromMinutes(1), watermarkLicenses, filterLicenses, cancellationToken);
        // </snippet>

        // <snippet sync-then>
        await using HeldLocks catalog = await held.ThenAsync(catalogLock, TimeSpan.FromSeconds(5), cancellationToken);
        // </snippet>
    }

    public static async Task TrySeveral(OrderedLock first, OrderedLock second, CancellationToken cancellationToken)
    {
        // <snippet sync-try>
        await using LockResult result = await LockSet.TryAcquireAsync(TimeSpan.FromSeconds(5), first, second, cancellationToken);
        if (result is LockResult.TimedOut late)
            Console.WriteLine(late); // who holds it, since when, where it was taken
        // </snippet>
    }

    public static async Task Bill(string tenant, string job, string photoHash, string parametersVersion, Func<Task> publishAtomically)
    {
        // <snippet sync-bill>
        await using BillingLedger ledger = SqliteBillingLedger.Open("/var/lib/photos/ledger");

        await publishAtomically(); // temporary name, flush, rename
        ChargeKey key = ChargeKey.From(tenant, job, photoHash, "develop", parametersVersion);
        await ledger.ChargeAsync(key, tenant, units: 1); // repeat it whenever in doubt
        // </snippet>
    }

    public static void Count()
    {
        // <snippet sync-count>
        using SharedCounterSet counters = SharedCounterSet.Open(
            "/var/lib/photos/live.count", [new("photos", "photo"), new("in-work", "photo", CounterKind.Gauge)]);

        counters["in-work"].Add(1);
        counters["photos"].Increment();
        counters["in-work"].Add(-1);
        Console.WriteLine(counters["photos"].ApproximateTotal);
        // </snippet>
    }

    public static void Learn(Action runTheOrdinaryTests)
    {
        // <snippet sync-learn>
        LockOrderGraph graph = new();
        using (graph.StartLearning())
            runTheOrdinaryTests(); // one thread is enough

        foreach (LockOrderCycle cycle in graph.Cycles)
            Console.WriteLine(cycle); // the levels, and the places where they were taken
        LockOrderGraph reviewed = LockOrderGraph.Parse(File.ReadAllText("lock-order.txt"));
        foreach (LockOrderEdge edge in graph.NewSince(reviewed))
            Console.WriteLine(edge); // a line for the review
        // </snippet>
    }

    // <snippet sync-levels>
    private static class Levels
    {
        public static readonly LockLevel Filter = LockLevel.Define("filter license", 20);
        public static readonly LockLevel Watermark = LockLevel.Define("watermark license", 30);
        public static readonly LockLevel Catalog = LockLevel.Define("catalog", 40);
    }
    // </snippet>
}
