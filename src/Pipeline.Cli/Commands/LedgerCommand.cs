using System.CommandLine;
using System.Globalization;
using Pipeline.Sync;
using Pipeline.Sync.Sqlite;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline ledger</c>: sums up, checks and exports what was charged.</summary>
internal static class LedgerCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="environment">What it may touch.</param>
    /// <returns>The command.</returns>
    public static Command Create(CliEnvironment environment) => new("ledger", "Sum up, check and export what was charged.")
    {
        Total(environment),
        Verify(environment),
        Export(environment),
    };

    private static Command Total(CliEnvironment environment)
    {
        Argument<string> folder = Folder();
        var tenant = new Option<string?>("--tenant") { Description = "Only what this tenant pays. [default: all]", HelpName = "NAME" };
        var command = new Command("total", "Take in all journals and print the number of units charged.") { folder, tenant };
        command.SetAction(async (result, cancellationToken) =>
        {
            BillingLedger ledger = Open(result.GetRequiredValue(folder));
            await using (ledger.ConfigureAwait(false))
            {
                LedgerTotal total = await ledger.TotalAsync(result.GetValue(tenant), cancellationToken).ConfigureAwait(false);
                await environment.Out.WriteLineAsync(total.Units.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
                return ExitCodes.AllDone;
            }
        });
        return command;
    }

    private static Command Verify(CliEnvironment environment)
    {
        Argument<string> folder = Folder();
        var command = new Command("verify", "Check the chain of lines, closed periods and journals. Exit code 1 when something is wrong. Changes nothing.") { folder };
        command.SetAction(async (result, cancellationToken) =>
        {
            BillingLedger ledger = Open(result.GetRequiredValue(folder));
            await using (ledger.ConfigureAwait(false))
            {
                LedgerVerification verification = await ledger.VerifyAsync(cancellationToken).ConfigureAwait(false);
                foreach (string problem in verification.Problems)
                    await environment.Out.WriteLineAsync(problem).ConfigureAwait(false);
                string state = verification.IsClean ? "clean" : $"{verification.Problems.Count} problems";
                await environment.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{state}: {verification.Total.Entries} lines, {verification.Total.Units} units, {verification.Unfolded} charges not yet taken in, {verification.TornBytes} torn bytes")).ConfigureAwait(false);
                return verification.IsClean ? ExitCodes.AllDone : ExitCodes.SomeFailed;
            }
        });
        return command;
    }

    private static Command Export(CliEnvironment environment)
    {
        Argument<string> folder = Folder();
        var command = new Command("export", "Take in all journals and print every line as CSV: number, time, key, kind, account, units, hash.") { folder };
        command.SetAction(async (result, cancellationToken) =>
        {
            BillingLedger ledger = Open(result.GetRequiredValue(folder));
            await using (ledger.ConfigureAwait(false))
            {
                await environment.Out.WriteLineAsync("number,time,key,kind,account,units,hash").ConfigureAwait(false);
                foreach (LedgerEntry entry in await ledger.ReadEntriesAsync(cancellationToken).ConfigureAwait(false))
                {
                    await environment.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                        $"{entry.Number},{entry.Charge.Time:yyyy-MM-ddTHH:mm:ss.fffZ},{entry.Charge.Key},{entry.Charge.Kind.ToString().ToLowerInvariant()},{entry.Charge.Account:x16},{entry.Charge.Units},{entry.Hash}")).ConfigureAwait(false);
                }

                return ExitCodes.AllDone;
            }
        });
        return command;
    }

    private static Argument<string> Folder() => new("DIR") { Description = "The folder that --ledger named." };

    private static BillingLedger Open(string folder)
    {
        if (!File.Exists(Path.Combine(folder, SqliteBillingLedger.FileName)))
            throw new UsageException($"There is no ledger in '{folder}'. Give the folder that --ledger named.");
        try
        {
            return SqliteBillingLedger.Open(folder);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
