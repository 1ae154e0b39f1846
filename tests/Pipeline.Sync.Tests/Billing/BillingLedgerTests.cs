using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Data.Sqlite;
using Pipeline.Sync.Sqlite;

namespace Pipeline.Sync.Tests.Billing;

public sealed class BillingLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.ProcessCrash)]
    [InlineData(Durability.PowerLoss)]
    public async Task ChargeAsync_SameKeyAgainAndAgain_CountsOnce(Durability durability)
    {
        await using BillingLedger ledger = Open(new() { Durability = durability });
        Assert.Equal(ChargeOutcome.Charged, await ledger.ChargeAsync(Key(1), "acme", 2));
        Assert.Equal(ChargeOutcome.AlreadyCharged, await ledger.ChargeAsync(Key(1), "acme", 2));
        Assert.Equal(new LedgerTotal(1, 2), await ledger.TotalAsync());
        // Folded and forgotten: written again, counted once.
        Assert.Equal(ChargeOutcome.Charged, await ledger.ChargeAsync(Key(1), "acme", 2));
        Assert.Equal(new LedgerTotal(1, 2), await ledger.TotalAsync());
        Assert.True((await ledger.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task FoldAsync_SeveralProcesses_AddsUpAndTwiceChangesNothing()
    {
        await using BillingLedger a = Open();
        await using BillingLedger b = Open();
        for (int i = 0; i < 100; i++)
        {
            await a.ChargeAsync(Key(i), "acme", 1);
            await b.ChargeAsync(Key(i + 50), "other", 1); // 50 of them are retries by the other process
        }

        FoldReport first = await a.FoldAsync();
        Assert.Equal((150, 50), (first.Added, first.Duplicates));
        FoldReport again = await b.FoldAsync();
        Assert.Equal((0, 0), (again.Added, again.Duplicates));
        Assert.Equal(new LedgerTotal(100, 100), await b.TotalAsync("acme"));
        Assert.Equal(new LedgerTotal(50, 50), await b.TotalAsync("other"));
        Assert.Equal(150, (await a.ReadEntriesAsync()).Count());
    }

    [Fact]
    public async Task ChargeAsync_ManyAtOnceWithPowerLossDurability_AreAllThere()
    {
        await using BillingLedger ledger = Open();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(async () => await ledger.ChargeAsync(Key(i), "acme", 1))))
            .WithinLimit();
        Assert.Equal(new LedgerTotal(500, 500), await ledger.TotalAsync());
    }

    [Fact]
    public async Task ChargeAsync_OtherUnitsForAKey_IsAConflictAndTheFirstStays()
    {
        await using BillingLedger a = Open();
        await using BillingLedger b = Open();
        await a.ChargeAsync(Key(1), "acme", 1);
        await Assert.ThrowsAsync<ChargeConflictException>(async () => await a.ChargeAsync(Key(1), "acme", 2));
        await b.ChargeAsync(Key(1), "acme", 3); // another process cannot know yet
        await b.ChargeAsync(Key(2), "acme", 1);
        ChargeConflictException error = await Assert.ThrowsAsync<ChargeConflictException>(() => a.FoldAsync());
        Assert.Equal(new ChargeConflict(Key(1), 1, 3), Assert.Single(error.Conflicts));
        Assert.Equal(new LedgerTotal(2, 2), await a.TotalAsync()); // the rest was taken in, and the conflict is not met twice
        LedgerVerification verification = await a.VerifyAsync();
        Assert.Contains("1 units charged, 3 units refused", Assert.Single(verification.Problems));
    }

    [Fact]
    public async Task CorrectAsync_OfACharge_IsALineOfItsOwn()
    {
        await using BillingLedger ledger = Open();
        await ledger.ChargeAsync(Key(1), "acme", 5);
        await ledger.CorrectAsync(ChargeKey.From("acme", "1", "photo 1", "refund", "1"), "acme", -5);
        Assert.Equal(new LedgerTotal(2, 0), await ledger.TotalAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await ledger.CorrectAsync(Key(9), "acme", 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await ledger.ChargeAsync(Key(9), "acme", 0));
        Assert.True((await ledger.ReconcileAsync([Key(1)])).IsExact);
    }

    [Fact]
    public async Task ClosePeriodAsync_LateCharges_BelongToTheNext()
    {
        await using BillingLedger ledger = Open();
        await ledger.ChargeAsync(Key(1), "acme", 1);
        LedgerPeriod october = await ledger.ClosePeriodAsync("2026-10");
        await ledger.ChargeAsync(Key(1), "acme", 1); // a retry across the end of the period
        await ledger.ChargeAsync(Key(2), "acme", 7);
        LedgerPeriod november = await ledger.ClosePeriodAsync("2026-11");
        LedgerPeriod empty = await ledger.ClosePeriodAsync("2026-12");
        Assert.Equal((new LedgerTotal(1, 1), new LedgerTotal(1, 7), new LedgerTotal(0, 0)), (october.Total, november.Total, empty.Total));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.ClosePeriodAsync("2026-10"));
        Assert.True((await ledger.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task VerifyAsync_ALineWasChanged_FindsIt()
    {
        await using BillingLedger ledger = Open();
        for (int i = 0; i < 10; i++)
            await ledger.ChargeAsync(Key(i), "acme", 1);
        await ledger.ClosePeriodAsync("p");
        using (SqliteConnection database = new($"Data Source={_folder["ledger/ledger.db"]}"))
        {
            database.Open();
            using SqliteCommand command = database.CreateCommand();
            command.CommandText = "UPDATE entries SET units = 2 WHERE number = 5";
            command.ExecuteNonQuery();
        }

        LedgerVerification verification = await ledger.VerifyAsync();
        Assert.Contains(verification.Problems, problem => problem.StartsWith("Line 5 does not continue the chain"));
        Assert.Contains(verification.Problems, problem => problem.Contains("Period 'p'"));
    }

    [Fact]
    public async Task ReconcileAsync_PublishedButNotCharged_AndTheOtherWayRound_AreListed()
    {
        await using BillingLedger ledger = Open();
        await ledger.ChargeAsync(Key(1), "acme", 1);
        await ledger.ChargeAsync(Key(2), "acme", 1);
        Reconciliation outcome = await ledger.ReconcileAsync([Key(2), Key(3)]);
        Assert.Equal(1, outcome.Matched);
        Assert.Equal([Key(3)], outcome.Missing);
        Assert.Equal([Key(1)], outcome.Unexpected);
        Assert.False(outcome.IsExact);
    }

    [Fact]
    public async Task FoldAsync_EveryBytePrefixOfAJournal_GivesExactlyTheCompleteRecords()
    {
        byte[] whole = await MakeJournalAsync(4);
        for (int length = 0; length <= whole.Length; length++)
        {
            using TemporaryFolder folder = new();
            Directory.CreateDirectory(folder["journals"]);
            await File.WriteAllBytesAsync(folder["journals/j000.jnl"], whole[..length]);
            await using BillingLedger ledger = SqliteBillingLedger.Open(folder.Path);
            int complete = length < 64 ? 0 : (length - 64) / 64;
            Assert.Equal(new LedgerTotal(complete, complete), await ledger.TotalAsync());
            if (length is 64 or 100 or 192 or 300)
            {
                await ledger.ChargeAsync(Key(100), "acme", 1); // the next owner cuts the torn end and goes on behind the complete records
                Assert.Equal(new LedgerTotal(complete + 1, complete + 1), await ledger.TotalAsync());
                Assert.Equal((complete + 2) * 64, new FileInfo(folder["journals/j000.jnl"]).Length);
                Assert.True((await ledger.VerifyAsync()).IsClean);
            }
        }
    }

    [Property(MaxTest = 300)]
    public async Task Read_AnyByteOfAJournalFlipped_NeverGivesAWrongCharge(ushort position, byte flip)
    {
        byte[] image = await s_journal.Value;
        byte[] damaged = [.. image];
        damaged[position % damaged.Length] ^= flip;
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder["j000.jnl"], damaged);
        if (JournalFormat.TryRead(folder["j000.jnl"]) is not { Entries: var entries })
        {
            Assert.InRange(position % damaged.Length, 0, 63);
            return;
        }

        int expected = flip == 0 ? 8 : (position % damaged.Length / 64) - 1;
        Assert.Equal(expected, entries.Count);
        for (int i = 0; i < entries.Count; i++)
            Assert.Equal(Key(i), entries[i].Key);
    }

    [Fact]
    public async Task Claim_JournalDamagedInTheMiddle_IsLeftAloneAndNamed()
    {
        byte[] image = await MakeJournalAsync(8);
        image[64 * 4] ^= 0xFF;
        string path = _folder["ledger/journals/j000.jnl"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, image);
        await using BillingLedger ledger = Open();
        await ledger.ChargeAsync(Key(50), "acme", 1);
        Assert.Equal(image, await File.ReadAllBytesAsync(path)); // cutting would have lost four charges
        LedgerVerification verification = await ledger.VerifyAsync();
        Assert.Contains("complete ones follow", Assert.Single(verification.Problems));
    }

    [Fact]
    public async Task Open_DatabaseOfSomethingElse_IsRefused()
    {
        Directory.CreateDirectory(_folder["ledger"]);
        await File.WriteAllTextAsync(_folder["ledger/ledger.db"], string.Concat(Enumerable.Repeat("This is no database. ", 200)));
        Assert.Contains("not an SQLite database", Assert.Throws<InvalidDataException>(() => Open()).Message);
        File.Delete(_folder["ledger/ledger.db"]);
        using (SqliteConnection database = new($"Data Source={_folder["ledger/ledger.db"]};Pooling=false"))
        {
            database.Open();
            using SqliteCommand command = database.CreateCommand();
            command.CommandText = "CREATE TABLE other (x); PRAGMA user_version = 9";
            command.ExecuteNonQuery();
        }

        Assert.Contains("format 9", Assert.Throws<InvalidDataException>(() => Open()).Message);
    }

    [Fact]
    public async Task ChargeAsync_AfterDispose_Throws()
    {
        BillingLedger ledger = Open();
        await ledger.ChargeAsync(Key(1), "acme", 1);
        await ledger.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ledger.ChargeAsync(Key(2), "acme", 1));
        await using BillingLedger next = Open();
        await next.ChargeAsync(Key(2), "acme", 1);
        Assert.Single(Directory.GetFiles(_folder["ledger/journals"], "*.jnl")); // continued, not a second one
        Assert.Equal(new LedgerTotal(2, 2), await next.TotalAsync());
    }

    private static readonly Lazy<Task<byte[]>> s_journal = new(() => MakeJournalAsync(8));

    private static ChargeKey Key(int item) => ChargeKey.From("acme", "1", $"photo {item}", "develop", "1");

    private static async Task<byte[]> MakeJournalAsync(int records)
    {
        using TemporaryFolder folder = new();
        await using (BillingLedger ledger = SqliteBillingLedger.Open(folder.Path, new() { Durability = Durability.ProcessCrash }))
        {
            for (int i = 0; i < records; i++)
                await ledger.ChargeAsync(Key(i), "acme", 1);
        }

        return await File.ReadAllBytesAsync(folder["journals/j000.jnl"]);
    }

    private BillingLedger Open(BillingLedgerOptions? options = null) => SqliteBillingLedger.Open(_folder["ledger"], options);
}
