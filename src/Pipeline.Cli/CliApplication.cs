using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli;

/// <summary>The tool: reads the command line, runs one command, tells how it ended.</summary>
internal static class CliApplication
{
    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="environment">What the command may touch.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliEnvironment environment)
    {
        RootCommand root = CreateRoot(environment);
        // File names may start with '@', so there are no response files; "-ab" is no bundle of "-a" and "-b".
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        // With --help or --version errors do not count.
        if (result.Errors.Count > 0 && result.Action is ParseErrorAction or null)
            return await ReportWrongUsageAsync(result, environment).ConfigureAwait(false);
        var configuration = new InvocationConfiguration
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
            await environment.Error.WriteLineAsync("pipeline: interrupted before any photo was started.").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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

    /// <summary>Builds the commands, also for the test that compares the reference with the help.</summary>
    /// <param name="environment">What the commands may touch.</param>
    /// <returns>The root command.</returns>
    internal static RootCommand CreateRoot(CliEnvironment environment)
    {
        var root = new RootCommand("Processes photos in parallel stages: decode, resize, filter, watermark, encode, store.")
        {
            DemoCommand.Create(environment),
            ProcessCommand.Create(environment),
            ProfileCommand.Create(environment),
            SamplesCommand.Create(environment),
        };
        return root;
    }

    private static async Task<int> ReportWrongUsageAsync(ParseResult result, CliEnvironment environment)
    {
        Command command = result.CommandResult.Command;
        if (command is RootCommand && result.Tokens.Count == 0)
        {
            await command.Parse(["--help"]).InvokeAsync(new InvocationConfiguration { Output = environment.Out }).ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }

        foreach (ParseError error in result.Errors)
            await environment.Error.WriteLineAsync($"pipeline: {error.Message}").ConfigureAwait(false);
        string name = command is RootCommand ? "pipeline" : $"pipeline {command.Name}";
        await environment.Error.WriteLineAsync($"Run '{name} --help' for what can be given.").ConfigureAwait(false);
        return ExitCodes.WrongUsage;
    }
}
