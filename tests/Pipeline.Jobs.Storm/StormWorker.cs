using System.Runtime.InteropServices;

namespace Pipeline.Jobs.Storm;

/// <summary>The worker process of the storm: the product's worker on the product's store.</summary>
internal static class StormWorker
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string folder, string name, Mutation mutation)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        using StormLog log = new(folder, name);
        await using BillingLedger ledger = SqliteBillingLedger.Open(Path.Combine(folder, "ledger"));
        await using SqliteJobStore store = new(Path.Combine(folder, "jobs.db"));
        StormStore noted = new(store, log, mutation);
        JobBodies bodies = new JobBodies().Add("storm", new StormBody(folder, log, ledger, mutation));
        JobWorkerOptions options = new() { Name = name, Slots = 2, Lease = Lease, DrainGrace = TimeSpan.FromSeconds(3) };
        await new JobWorker(noted, new StoreJobQueue(noted), new FolderArtifactStore(Path.Combine(folder, "artifacts")), bodies, options).RunAsync(stop.Token);
        return 0;
    }
}
