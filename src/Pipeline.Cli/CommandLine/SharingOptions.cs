using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pipeline.Cli;

/// <summary>The options that say what a photo job shares with other runs on the machine.</summary>
internal sealed class SharingOptions
{
    private readonly Option<int> _filterLicenses = ValueOption.Whole(
        "--filter-licenses", "N", 0, 1000, 0, "Filter at most N photos at the same time, over all workers and all runs that name the "
            + "same --license-dir; 0 for no limit.");

    private readonly Option<int> _watermarkLicenses = ValueOption.Whole(
        "--watermark-licenses", "N", 0, 1000, 0, "Watermark at most N photos at the same time, over all workers and all runs that name "
            + "the same --license-dir; 0 for no limit.");

    private readonly Option<string?> _licenseFolder = new("--license-dir")
    {
        Description = "Folder of the licenses that several runs share, on a local disk; made when missing. [default: the licenses are "
            + "for this run alone]",
        HelpName = "DIR",
    };

    private readonly Option<string?> _ledgerFolder = new("--ledger")
    {
        Description = "Charge every published photo exactly once to the ledger in this folder; made when missing. [default: no billing]",
        HelpName = "DIR",
    };

    private readonly Option<string> _tenant = new("--tenant")
    {
        Description = "Who pays for the photos.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _filterLicenses, _watermarkLicenses, _licenseFolder, _ledgerFolder, _tenant })
            command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <summary>Reads the values that the user gave.</summary>
    /// <param name="result">The parsed command line, free of errors.</param>
    public SharingSettings Read(ParseResult result) => new()
    {
        FilterLicenses = result.GetValue(_filterLicenses),
        WatermarkLicenses = result.GetValue(_watermarkLicenses),
        LicenseFolder = result.GetValue(_licenseFolder),
        LedgerFolder = result.GetValue(_ledgerFolder),
        Tenant = result.GetRequiredValue(_tenant),
    };

    private void Check(CommandResult result)
    {
        if (Given(result, _licenseFolder) && !Given(result, _filterLicenses) && !Given(result, _watermarkLicenses))
            result.AddError(
                "--license-dir names the folder of licenses, but there is neither --filter-licenses N nor --watermark-licenses N.");
        if (Given(result, _tenant) && !Given(result, _ledgerFolder))
            result.AddError("--tenant says who pays, but there is no --ledger DIR to charge to.");
    }

    private static bool Given(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
