namespace Pipeline.Cli;

/// <summary>What a photo job shares with other runs on the machine. Immutable.</summary>
internal sealed record SharingSettings
{
    /// <summary>Gets how many photos of all processes may be filtered at the same time; 0 for any number.</summary>
    public int FilterLicenses { get; init; }

    /// <summary>Gets how many photos of all processes may be watermarked at the same time; 0 for any number.</summary>
    public int WatermarkLicenses { get; init; }

    /// <summary>Gets the folder of the licenses; null without licenses, or for licenses of one run alone.</summary>
    public string? LicenseFolder { get; init; }

    /// <summary>Gets the folder of the ledger; null for no billing.</summary>
    public string? LedgerFolder { get; init; }

    /// <summary>Gets who pays.</summary>
    public string Tenant { get; init; } = "default";
}
