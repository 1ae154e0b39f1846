using System.CommandLine;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary><c>pipeline ledger</c>: sums up, checks and exports what was charged.</summary>
internal static class LedgerCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment) => new("ledger", "Sum up, check and export what was charged.")
    {
        Total(environment),
        Verify(environment),
        Export(environment),
    };

    private static Command Total(CliEnvironment environment)
    {
        Option<string?> tenant =
            new("--tenant") { Description = "Only what this tenant pays. [default: all]", HelpName = "NAME" };
        Command command = Create(
            environment,
            "total",
            "Take in all journals and print the number of units charged.",
            async (ledger, result, cancellationToken) =>
        {
            LedgerTotal total = await ledger.TotalAsync(result.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await environment.Out.WriteLineAsync(total.Units.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
            return ExitCodes.AllDone;
        });
        command.Add(tenant);
        return command;
    }

    private static Command Verify(CliEnvironment environment) => Create(
        environment,
        "verify",
        "Check the chain of lines, closed periods and journals. Exit code 1 when something is wrong. Changes nothing.",
        async (ledger, _, cancellationToken) =>
        {
            LedgerVerification verification = await ledger.VerifyAsync(cancellationToken).ConfigureAwait(false);
            foreach (string problem in verification.Problems)
                await environment.Out.WriteLineAsync(problem).ConfigureAwait(false);
            string state = verification.IsClean ? "clean" : $"{verification.Problems.Count} problems";
            await environment.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{state}: {verification.Total.Entries} lines, {verification.Total.Units} units, {verification.Unfolded} charges not "
                    + $"yet taken in, {verification.TornBytes} torn bytes")).ConfigureAwait(false);
            return verification.IsClean ? ExitCodes.AllDone : ExitCodes.SomeFailed;
        });

    private static Command Export(CliEnvironment environment) => Create(
        environment,
        "export",
        "Take in all journals and print every line as CSV: number, time, key, kind, account, units, hash.",
        async (ledger, _, cancellationToken) =>
        {
            await environment.Out.WriteLineAsync("number,time,key,kind,account,units,hash").ConfigureAwait(false);
            foreach (LedgerEntry entry in await ledger.ReadEntriesAsync(cancellationToken).ConfigureAwait(false))
            {
                JournalEntry charge = entry.Charge;
                string kind = charge.Kind.ToString().ToLowerInvariant();
                string line = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.Number},{charge.Time:yyyy-MM-ddTHH:mm:ss.fffZ},{charge.Key},{kind},{charge.Account:x16},"
                        + $"{charge.Units},{entry.Hash}");
                await environment.Out.WriteLineAsync(line).ConfigureAwait(false);
            }

            return ExitCodes.AllDone;
        });

    private static Command Create(
        CliEnvironment environment, string name, string description, Func<BillingLedger, ParseResult, CancellationToken, Task<int>> run)
    {
        Argument<string> folder = new("DIR") { Description = "The folder that --ledger named." };
        Command command = new(name, description) { folder };
        command.SetAction(async (result, cancellationToken) =>
        {
            BillingLedger ledger = Open(result.GetRequiredValue(folder));
            await using (ledger.ConfigureAwait(false))
            {
                try
                {
                    return await run(ledger, result, cancellationToken).ConfigureAwait(false);
                }
                catch (ChargeConflictException e)
                {
                    await environment.Error.WriteLineAsync(
                        $"pipeline: {e.Message} Everything else was taken in; run the command again for the rest, and 'pipeline ledger "
                            + "verify' to see the conflicts.").ConfigureAwait(false);
                    return ExitCodes.SomeFailed;
                }
            }
        });
        return command;
    }

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
