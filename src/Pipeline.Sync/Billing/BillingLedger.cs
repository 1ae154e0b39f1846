using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Sync;

/// <summary>Charges every unit of work exactly once, through retries, crashes and restarts of any number of processes.</summary>
/// <remarks>
/// <para>The contract: publish the output atomically under a name that follows from the key, then <see cref="ChargeAsync"/>. After a crash, look: an output
/// without a charge is charged again (the same key, so it counts once); an output that is missing is made again. Never charge before publishing.</para>
/// <para>Each process appends to a journal of its own. <see cref="FoldAsync"/> takes all journals into the store, where a key is unique; folding twice changes
/// nothing. The same key with other units is an error, never a silent choice. Mistakes are corrected by new entries; nothing is edited.</para>
/// <para>Thread-safe. Locking rule: the journal guards itself; <see cref="_known"/> is concurrent; <see cref="_gate"/> guards the claiming of the journal;
/// folding and closing hold a cross-process permit.</para>
/// </remarks>
public sealed class BillingLedger : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ChargeKey, long> _known = new(); // charged by this object since the last fold
    private readonly ILedgerStore _store;
    private readonly CrossProcessSemaphore _fold;
    private readonly string _journals;
    private readonly Durability _durability;
    private readonly TimeProvider _clock;
    private readonly int _maxProcesses;
    private readonly Lock _gate = new();
    private BillingJournal? _journal; // guarded by _gate; claimed at the first charge: a process that only reads needs none
    private bool _disposed; // guarded by _gate

    private BillingLedger(string directory, ILedgerStore store, BillingLedgerOptions options)
    {
        Directory = directory;
        _store = store;
        _journals = Path.Combine(directory, "journals");
        _durability = options.Durability;
        _clock = options.TimeProvider;
        _maxProcesses = options.MaxProcesses;
        System.IO.Directory.CreateDirectory(_journals);
        _fold = CrossProcessSemaphore.Open(directory, "fold", 1);
    }

    /// <summary>Gets the ledger's directory.</summary>
    public string Directory { get; }

    /// <summary>Opens a ledger, or creates it.</summary>
    /// <param name="directory">Where the journals are; created when missing. All processes must name the same. On a local file system.</param>
    /// <param name="store">Where folded charges are kept; the ledger disposes it.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The ledger; dispose it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="LockingUnavailableException">The file system does not lock.</exception>
    public static BillingLedger Open(string directory, ILedgerStore store, BillingLedgerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(store);
        options ??= new BillingLedgerOptions();
        if (options.MaxProcesses is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxProcesses,
                $"A ledger was given MaxProcesses {options.MaxProcesses}. It must be 1 to 1,000.");
        }

        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        if (!Enum.IsDefined(options.Durability))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Durability,
                $"A ledger was given Durability {options.Durability}. Use ProcessCrash or PowerLoss.");
        }

        return new BillingLedger(Path.GetFullPath(directory), store, options);
    }

    /// <summary>Numbers a tenant's account: what charges carry and totals are asked for by.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <returns>The first 8 bytes of SHA-256 of the name.</returns>
    public static long AccountOf(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)));
    }

    /// <summary>Charges a unit of work. Call it after the output is published, and again whenever in doubt.</summary>
    /// <param name="key">The unit's key.</param>
    /// <param name="tenant">Who pays.</param>
    /// <param name="units">Units, 1 or more; always the same for the same key.</param>
    /// <returns>Whether it was written; acknowledged as durable as <see cref="BillingLedgerOptions.Durability"/> says.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is not positive.</exception>
    /// <exception cref="ChargeConflictException">This process charged the key with other units. Conflicts between processes are found by
    /// <see cref="FoldAsync"/>.</exception>
    /// <exception cref="IOException">The journal could not be written or flushed, or all <see cref="BillingLedgerOptions.MaxProcesses"/> journals are in use.
    /// The charge may or may not be there; charging again is safe.</exception>
    public ValueTask<ChargeOutcome> ChargeAsync(ChargeKey key, string tenant, long units)
    {
        if (units < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(units), units,
                $"Charge {key} was given {units} units. A charge has 1 or more; use CorrectAsync to give back.");
        }

        return AppendAsync(new JournalEntry(key, units, ChargeKind.Charge, AccountOf(tenant), _clock.GetUtcNow()));
    }

    /// <summary>Books a correction of something charged before, as an entry of its own.</summary>
    /// <param name="key">The correction's own key, made from its own parts; charging it twice counts once.</param>
    /// <param name="tenant">Whose account.</param>
    /// <param name="units">Units to add; negative to give back; not zero.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is zero.</exception>
    /// <exception cref="ChargeConflictException">This process booked the key with other units.</exception>
    /// <exception cref="IOException">The journal could not be written or flushed, or all <see cref="BillingLedgerOptions.MaxProcesses"/> journals are in use;
    /// booking again is safe.</exception>
    public ValueTask<ChargeOutcome> CorrectAsync(ChargeKey key, string tenant, long units)
    {
        ArgumentOutOfRangeException.ThrowIfZero(units);
        return AppendAsync(new JournalEntry(key, units, ChargeKind.Correction, AccountOf(tenant), _clock.GetUtcNow()));
    }

    /// <summary>Takes all complete records of all journals into the store. Folding again changes nothing.</summary>
    /// <param name="cancellationToken">Stops the waiting for another process that folds.</param>
    /// <returns>What was new and what was repeated.</returns>
    /// <exception cref="ChargeConflictException">Some keys came with other units; everything else was taken in, and the conflicts are recorded.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled before the fold began.</exception>
    public async Task<FoldReport> FoldAsync(CancellationToken cancellationToken = default)
    {
        FoldReport report;
        using (PermitLease lease = await _fold.AcquireAsync(1, "fold", cancellationToken).ConfigureAwait(false))
            report = FoldUnsynchronized();
        return report.Conflicts.Count == 0 ? report : throw new ChargeConflictException(report.Conflicts);
    }

    /// <summary>Folds, then sums up.</summary>
    /// <param name="tenant">Whose account; null for all.</param>
    /// <param name="cancellationToken">Stops the waiting for another process that folds.</param>
    /// <returns>The sum over all lines, closed periods included.</returns>
    /// <exception cref="ChargeConflictException">The fold met conflicts.</exception>
    public async Task<LedgerTotal> TotalAsync(string? tenant = null, CancellationToken cancellationToken = default)
    {
        await FoldAsync(cancellationToken).ConfigureAwait(false);
        return _store.Total(tenant is null ? null : AccountOf(tenant));
    }

    /// <summary>Folds, then closes a period: its figures never change again; what is charged later belongs to the next.</summary>
    /// <param name="name">Its name, unique, for example <c>2026-11</c>.</param>
    /// <param name="cancellationToken">Stops the waiting for another process that folds.</param>
    /// <returns>The closed period.</returns>
    /// <exception cref="InvalidOperationException">A period of this name is closed already.</exception>
    public async Task<LedgerPeriod> ClosePeriodAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        using PermitLease lease = await _fold.AcquireAsync(1, "close period", cancellationToken).ConfigureAwait(false);
        _ = FoldUnsynchronized(); // conflicts are recorded and shown by verification; they do not keep a period open
        return _store.ClosePeriod(name, _clock.GetUtcNow());
    }

    /// <summary>Folds, then compares the ledger with what was published.</summary>
    /// <param name="published">The keys of everything that was published.</param>
    /// <param name="cancellationToken">Stops the waiting for another process that folds.</param>
    /// <returns>What matches, what was not charged, and what was charged without having been published. Corrections are left out.</returns>
    public async Task<Reconciliation> ReconcileAsync(IEnumerable<ChargeKey> published, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(published);
        await FoldAsync(cancellationToken).ConfigureAwait(false);
        HashSet<ChargeKey> missing = published.ToHashSet();
        List<ChargeKey> unexpected = new();
        long matched = 0;
        foreach (LedgerEntry entry in _store.ReadEntries().Where(entry => entry.Charge.Kind == ChargeKind.Charge))
        {
            if (missing.Remove(entry.Charge.Key))
                matched++;
            else
                unexpected.Add(entry.Charge.Key);
        }

        return new Reconciliation(matched, [.. missing.Order()], unexpected);
    }

    /// <summary>Checks everything: the chain of hashes, the closed periods, the journals against the ledger, and conflicts.</summary>
    /// <param name="cancellationToken">Stops the waiting for another process that folds.</param>
    /// <returns>The sum, and what is wrong. Nothing is changed.</returns>
    public async Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken = default)
    {
        using PermitLease lease = await _fold.AcquireAsync(1, "verify", cancellationToken).ConfigureAwait(false);
        return LedgerAudit.Run(_store, JournalFiles());
    }

    /// <summary>Folds, then reads the lines of the ledger in order, for an export.</summary>
    /// <param name="cancellationToken">Stops the waiting for another process that folds.</param>
    /// <returns>The lines, read as they are enumerated.</returns>
    public async Task<IEnumerable<LedgerEntry>> ReadEntriesAsync(CancellationToken cancellationToken = default)
    {
        await FoldAsync(cancellationToken).ConfigureAwait(false);
        return _store.ReadEntries();
    }

    /// <summary>Flushes and closes the journal and the store. Nothing is lost without it: the next process continues the journal.</summary>
    /// <returns>A task that ends when everything is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        BillingJournal? journal;
        lock (_gate)
        {
            _disposed = true;
            journal = _journal;
        }

        if (journal is not null)
            await journal.DisposeAsync().ConfigureAwait(false);
        _fold.Dispose();
        _store.Dispose();
    }

    private async ValueTask<ChargeOutcome> AppendAsync(JournalEntry entry)
    {
        if (_known.TryGetValue(entry.Key, out long units))
            return units == entry.Units
                ? ChargeOutcome.AlreadyCharged
                : throw new ChargeConflictException([new ChargeConflict(entry.Key, units, entry.Units)]);
        await ClaimJournal().AppendAsync(entry).ConfigureAwait(false);
        _known.TryAdd(entry.Key, entry.Units); // after the acknowledgment: a failed append may be tried again
        return ChargeOutcome.Charged;
    }

    /// <summary>Gets this process's journal; when claiming fails, the next charge tries again.</summary>
    private BillingJournal ClaimJournal()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _journal ??= BillingJournal.Claim(_journals, _maxProcesses, _durability, _store.ReadConsumed());
        }
    }

    private FoldReport FoldUnsynchronized()
    {
        IReadOnlyDictionary<Guid, long> consumed = _store.ReadConsumed();
        List<JournalSlice> slices = new();
        foreach (string path in JournalFiles())
        {
            if (JournalFormat.TryRead(path, consumed) is not { Entries.Count: > 0 } journal)
                continue; // verification names what is no journal
            SyncPoint.Before(SyncPointKind.Flush, this);
            // Or a power failure could take records back whose numbers the store has ticked off, and their successors would never be billed.
            AppendLog.FlushToDisk(path);
            slices.Add(new JournalSlice(journal.Content.Id, consumed.GetValueOrDefault(journal.Content.Id), journal.Entries));
        }

        Debug.Assert(slices.DistinctBy(slice => slice.Journal).Count() == slices.Count, "one slice of each journal");
        SyncPoint.Before(SyncPointKind.Publish, this);
        FoldReport report = slices.Count == 0 ? new FoldReport(0, 0, []) : _store.Fold(slices);
        foreach (JournalEntry entry in slices.SelectMany(slice => slice.Entries))
            _known.TryRemove(entry.Key, out _); // the store knows it now; memory stays bounded
        return report;
    }

    private string[] JournalFiles() => [.. System.IO.Directory.EnumerateFiles(_journals, "j*.jnl").Order(StringComparer.Ordinal)];
}
