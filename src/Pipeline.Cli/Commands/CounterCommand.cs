using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline counter</c>: looks at shared counters.</summary>
internal static class CounterCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Argument<string> file =
            new("FILE") { Description = "A counter file, for example live.count in the folder of a ledger." };
        Command show =
            new("show", "Print the totals, and how many processes count now. Takes no part and changes nothing.") { file };
        show.SetAction(async (result, _) =>
        {
            string path = result.GetRequiredValue(file);
            try
            {
                await environment.Out.WriteLineAsync(SharedCounterSet.Read(path).ToString()).ConfigureAwait(false);
                return ExitCodes.AllDone;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or InvalidDataException)
            {
                throw new UsageException(e.Message);
            }
        });
        return new Command("counter", "Look at counters that processes share.") { show };
    }
}
