using Pipeline.Sync;
using Pipeline.Sync.Sqlite;

namespace Pipeline.Testing.Tests.RealPrimitives;

/// <summary>The ledger of Pipeline.Sync with a kill at every sync point: what is published is charged once, whatever dies when.</summary>
public sealed class BillingLedgerTests
{
    [Fact]
    public void ChargeAsync_TwoWorkersAFoldAndAKillAnywhere_ChargesEachPublishedPhotoOnceUpToBoundTwo()
    {
        ExplorationReport report = Explore(publishFirst: true);

        Assert.True(report.IsProof, report.ToString());
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
    }

    [Fact]
    public void ChargeAsync_BeforePublishing_IsFoundWithOneCrash()
    {
        // The negative control: charged and never published, because the worker is not started again.
        Counterexample found = Explore(publishFirst: false).Counterexample!;

        Assert.Single(found.Schedule.Crashes);
        Assert.True(found.Certificate.IsMinimal);
    }

    private static ExplorationReport Explore(bool publishFirst)
    {
        string root = Directory.CreateTempSubdirectory("explorer-ledger-").FullName;
        int run = 0;
        try
        {
            return new Explorer().Explore(
                new ControlledProgram("ledger", world => Build(world, Path.Combine(root, $"{run++}"), publishFirst), crashes: 1),
                SearchStrategy.Exhaustive(2));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Build(ControlledWorld world, string directory, bool publishFirst)
    {
        HashSet<ChargeKey> published = new();
        object output = new();
        world.Named("outputs", output);
        for (int i = 0; i < 2; i++)
        {
            // Both workers were handed the same photo: the second delivery must not be charged again. (The control gives each its own.)
            ChargeKey key = ChargeKey.From("tenant", "job", publishFirst ? "photo" : $"photo{i}", "filter", "v1");
            BillingLedger? ledger = null;
            world.Process($"worker {i}", async _ =>
            {
                ledger = Open(world, directory);
                if (publishFirst)
                    Publish(key);
                await ledger.ChargeAsync(key, "tenant", 1);
                if (!publishFirst)
                    Publish(key);
            }, onKill: () => Close(ledger!), restarts: publishFirst ? 1 : 0);
        }

        world.Participant("fold", async () => await Open(world, directory).FoldAsync(TestContext.Current.CancellationToken));
        world.AtEnd("each published photo is charged once", () =>
        {
            BillingLedger reader = SqliteBillingLedger.Open(directory, new BillingLedgerOptions { Durability = Durability.ProcessCrash });
            Reconciliation all = reader.ReconcileAsync(published, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            Close(reader);
            return all.Missing.Count == 0 && all.Unexpected.Count == 0 && all.Matched == published.Count;
        });

        void Publish(ChargeKey key)
        {
            SyncPoint.Before(SyncPointKind.Publish, output);
            published.Add(key);
        }
    }

    private static BillingLedger Open(ControlledWorld world, string directory)
    {
        BillingLedger ledger = SqliteBillingLedger.Open(directory, new BillingLedgerOptions { Durability = Durability.ProcessCrash });
        world.Named("ledger", ledger);
        world.CleanUp(() => Close(ledger));
        return ledger;
    }

    private static void Close(BillingLedger ledger) => ledger.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
