using Pipeline.Sync.Sqlite;

namespace Pipeline.Sync.Tests.Billing;

/// <summary>Disks that are full, lose what they confirmed, or damage the database; and ledgers that are used at the wrong time.</summary>
public sealed class BillingLedgerFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ChargeAsync_DisposedBeforeItsFirstCharge_ThrowsAndClaimsNothing()
    {
        BillingLedger ledger = Open();
        await ledger.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ledger.ChargeAsync(Key(1), "acme", 1));
        Assert.Empty(Directory.GetFiles(_folder["ledger/journals"]));
    }

    [Fact]
    public void Open_OptionsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(new() { MaxProcesses = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(new() { MaxProcesses = 1001 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(new() { Durability = (Durability)9 }));
        Assert.Throws<ArgumentNullException>(() => Open(new() { TimeProvider = null! })); // at once, not at the first charge
    }

    [Fact]
    public async Task ChargeAsync_AfterTheJournalCouldNotBeClaimed_TriesAgain()
    {
        BillingLedger first = Open(new() { MaxProcesses = 1 });
        await first.ChargeAsync(Key(1), "acme", 1);
        await using BillingLedger second = Open(new() { MaxProcesses = 1 });
        Assert.Contains("All 1 journals", (
            await Assert.ThrowsAsync<IOException>(async () => await second.ChargeAsync(Key(2), "acme", 1))).Message);
        await first.DisposeAsync();
        Assert.Equal(ChargeOutcome.Charged, await second.ChargeAsync(Key(2), "acme", 1));
        Assert.Equal(new LedgerTotal(2, 2), await second.TotalAsync());
    }

    [Fact]
    public async Task ChargeAsync_JournalLostRecordsThatWereFolded_IsNotContinued()
    {
        await using (BillingLedger before = Open())
        {
            for (int i = 0; i < 3; i++)
                await before.ChargeAsync(Key(i), "acme", 1);
            await before.FoldAsync();
        }

        using (FileStream journal = File.OpenWrite(_folder["ledger/journals/j000.jnl"]))
            journal.SetLength(journal.Length - 64); // a disk that lost what it had confirmed
        await using BillingLedger after = Open();
        await after.ChargeAsync(Key(3), "acme", 1); // in the place of the lost record it would count as taken in already
        Assert.Equal(new LedgerTotal(4, 4), await after.TotalAsync());
        Assert.Contains("has 2 complete records, but 3 were taken", Assert.Single((await after.VerifyAsync()).Problems));
    }

    [Fact]
    public async Task FoldAsync_ChargesThatNobodyFlushed_AreOnTheDiskBeforeTheStoreTicksThemOff()
    {
        await using BillingLedger ledger = Open(new() { Durability = Durability.ProcessCrash });
        await ledger.ChargeAsync(Key(1), "acme", 1);
        List<SyncPointKind> steps = new();
        using (SyncPoint.Attach(new StepList(steps)))
            await ledger.FoldAsync();
        Assert.Equal([SyncPointKind.Flush, SyncPointKind.Publish],
            steps.Where(step => step is SyncPointKind.Flush or SyncPointKind.Publish));
    }

    [Fact]
    public async Task TotalAsync_DatabaseWasDamaged_SaysSoAndItCanBeBuiltAgainFromTheJournals()
    {
        await using (BillingLedger before = Open())
        {
            for (int i = 0; i < 50; i++)
                await before.ChargeAsync(Key(i), "acme", 1);
            await before.FoldAsync();
        }

        string database = _folder["ledger/ledger.db"];
        byte[] bytes = await File.ReadAllBytesAsync(database);
        bytes.AsSpan(4096).Fill(0xA5); // everything behind the first page
        await File.WriteAllBytesAsync(database, bytes);
        await using (BillingLedger damaged = Open())
            Assert.Contains("move this file away", (await Assert.ThrowsAsync<InvalidDataException>(() => damaged.VerifyAsync())).Message);
        File.Move(database, database + ".damaged");
        await using BillingLedger again = Open();
        Assert.Equal(new LedgerTotal(50, 50), await again.TotalAsync());
        Assert.True((await again.VerifyAsync()).IsClean);
    }

    [Fact]
    public void Open_DatabaseThatIsAFolder_IsAnIOException()
    {
        Directory.CreateDirectory(_folder["ledger/ledger.db"]);
        Assert.Contains("could not be read or written", Assert.Throws<IOException>(() => Open()).Message);
    }

    private sealed class StepList(List<SyncPointKind> steps) : ISyncParticipant
    {
        public void Before(SyncPointKind kind, object resource) => steps.Add(kind);

        public void WaitUntil(SyncPointKind kind, object resource, Func<bool> isReady) => Assert.Fail("Nothing waits here.");
    }

    private static ChargeKey Key(int item) => ChargeKey.From("acme", "1", $"photo {item}", "develop", "1");

    private BillingLedger Open(BillingLedgerOptions? options = null) => SqliteBillingLedger.Open(_folder["ledger"], options);
}
