using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Pipeline.Cli;

/// <summary>The tool: reads the command line, runs one command, tells how it ended.</summary>
internal static class CliApplication
{
    private const string Name = "pipeline";

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="environment">What the command may touch.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliEnvironment environment)
    {
        Command root = CreateRoot(environment);
        // File names may start with '@', so there are no response files; "-ab" is no bundle of "-a" and "-b".
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        // With --help or --version errors do not count.
        if (result.Errors.Count > 0 && result.Action is ParseErrorAction or null)
            return await ReportWrongUsageAsync(result, environment).ConfigureAwait(false);
        InvocationConfiguration configuration = new InvocationConfiguration
        {
            Output = environment.Out,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are ours, see Interrupts
        };
        try
        {
            return await result.InvokeAsync(configuration, environment.Interrupts.AbortRequested).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            await environment.Error.WriteLineAsync($"pipeline: {e.Message}").ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }
        catch (OperationCanceledException) when (environment.Interrupts.DrainRequested.IsCancellationRequested)
        {
            await environment.Error.WriteLineAsync("pipeline: interrupted before the work began.").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await environment.Error.WriteLineAsync($"pipeline: {e.Message}").ConfigureAwait(false);
            return ExitCodes.Stopped;
        }
        catch (Exception e)
        {
            await environment.Error.WriteLineAsync($"pipeline: this is a defect of the tool; please report it with the text below.\n{e}").ConfigureAwait(false);
            return ExitCodes.Stopped;
        }
    }

    private static Command CreateRoot(CliEnvironment environment)
    {
        // Not a RootCommand: its name would be that of the file that holds the program.
        Command root = new Command(Name, "Processes photos in parallel stages: decode, resize, filter, watermark, encode, store.")
        {
            CounterCommand.Create(environment),
            DemoCommand.Create(environment),
            LedgerCommand.Create(environment),
            LicensesCommand.Create(environment),
            ProcessCommand.Create(environment),
            ProfileCommand.Create(environment),
            SamplesCommand.Create(environment),
            LabCommand.Create(environment),
        };
        foreach (Command command in JobsCommands.Create(environment))
            root.Add(command);
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        return root;
    }

    private static async Task<int> ReportWrongUsageAsync(ParseResult result, CliEnvironment environment)
    {
        Command command = result.CommandResult.Command;
        if (command.Name == Name && result.Tokens.Count == 0)
        {
            await command.Parse(["--help"]).InvokeAsync(new InvocationConfiguration { Output = environment.Out }).ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }

        foreach (ParseError error in result.Errors)
            await environment.Error.WriteLineAsync($"pipeline: {error.Message}").ConfigureAwait(false);
        string name = command.Name == Name ? Name : $"{Name} {command.Name}";
        await environment.Error.WriteLineAsync($"Run '{name} --help' for what can be given.").ConfigureAwait(false);
        return ExitCodes.WrongUsage;
    }
}
