using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Charges published photos to a ledger, each once, also when work is repeated, killed or resumed; a shared counter beside it is the live
/// view.</summary>
internal sealed class PhotoBilling : IAsyncDisposable
{
    /// <summary>The file of the live counter within the ledger's folder.</summary>
    public const string LiveFileName = "live.count";

    /// <summary>The name of the live counter.</summary>
    public const string LiveCounter = "photos";

    private readonly BillingLedger _ledger;
    private readonly SharedCounter _live;
    private readonly string _tenant;
    private readonly string _job;
    private readonly string _fingerprint;
    private long _charged; // Interlocked only

    private PhotoBilling(BillingLedger ledger, SharedCounter live, string tenant, string job, string fingerprint)
    {
        _ledger = ledger;
        _live = live;
        _tenant = tenant;
        _job = job;
        _fingerprint = fingerprint;
    }

    /// <summary>Gets how many photos of this run are in the ledger: charged now or by an earlier run.</summary>
    public long Charged => Interlocked.Read(ref _charged);

    /// <summary>Gets how many photos all processes have charged, retries included: the live view, not the bill.</summary>
    public long Live => _live.ApproximateTotal;

    /// <summary>Opens the ledger.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="job">What the work belongs to: the real path of the output folder.</param>
    /// <param name="fingerprint">The fingerprint of the options that change the outputs.</param>
    /// <returns>The billing; dispose it.</returns>
    /// <exception cref="UsageException">The ledger cannot be opened.</exception>
    public static async Task<PhotoBilling> OpenAsync(SharingSettings settings, string job, string fingerprint)
    {
        string folder = settings.LedgerFolder!;
        BillingLedger? ledger = null;
        try
        {
            ledger = SqliteBillingLedger.Open(folder);
            SharedCounter live = SharedCounter.Open(Path.Combine(folder, LiveFileName), LiveCounter);
            return new PhotoBilling(ledger, live, settings.Tenant, job, fingerprint);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            if (ledger is not null)
                await ledger.DisposeAsync().ConfigureAwait(false);
            throw new UsageException($"--ledger '{folder}' cannot be used: {e.Message}");
        }
    }

    /// <summary>Charges a photo whose outputs are in place. The same photo with the same options into the same folder is charged once, for ever.</summary>
    /// <returns>A task that ends when the charge survives a power failure.</returns>
    public async ValueTask ChargeAsync(InputPhoto photo)
    {
        string item = string.Create(CultureInfo.InvariantCulture, $"{photo.RealPath}|{photo.Length}|{photo.ModifiedTicks}");
        ChargeOutcome outcome = await _ledger.ChargeAsync(ChargeKey.From(_tenant, _job, item, "develop", _fingerprint), _tenant, 1)
            .ConfigureAwait(false);
        Interlocked.Increment(ref _charged);
        if (outcome == ChargeOutcome.Charged)
            _live.Increment();
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _ledger.DisposeAsync().ConfigureAwait(false);
    }
}
