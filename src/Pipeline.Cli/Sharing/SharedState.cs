namespace Pipeline.Cli;

/// <summary>What one run shares with others while it lasts: licenses and the ledger.</summary>
internal sealed class SharedState : IAsyncDisposable
{
    private readonly LicenseDirectory _directory;

    private SharedState(LicenseDirectory directory, SharingSettings settings)
    {
        _directory = directory;
        Settings = settings with { LicenseFolder = directory.Path };
    }

    /// <summary>Gets the options with the folder that the licenses are in.</summary>
    public SharingSettings Settings { get; }

    /// <summary>Gets the licenses to hold; null for none.</summary>
    public PhotoLicenses? Licenses { get; private set; }

    /// <summary>Gets what finished photos are charged to; null for none.</summary>
    public PhotoBilling? Billing { get; private set; }

    /// <summary>Opens what the options name.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="outputFolder">What the work belongs to.</param>
    /// <param name="fingerprint">The fingerprint of the recipe.</param>
    /// <returns>The state; dispose it when no process of the run uses it any more.</returns>
    /// <exception cref="UsageException">Something cannot be opened as asked.</exception>
    public static async Task<SharedState> OpenAsync(SharingSettings settings, string outputFolder, string fingerprint)
    {
        SharedState state = new(LicenseDirectory.For(settings), settings);
        try
        {
            if (state.Settings.LicenseFolder is not null)
                state.Licenses = PhotoLicenses.Open(state.Settings);
            if (settings.LedgerFolder is not null)
                state.Billing = await PhotoBilling.OpenAsync(settings, RealPath.Of(outputFolder), fingerprint).ConfigureAwait(false);
            return state;
        }
        catch
        {
            await state.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Billing is not null)
            await Billing.DisposeAsync().ConfigureAwait(false);
        Licenses?.Dispose();
        _directory.Dispose();
    }
}
