using System.CommandLine;

namespace Pipeline.Cli;

/// <summary>The commands of the job service.</summary>
internal static class JobsCommands
{
    /// <summary>Creates them.</summary>
    /// <param name="environment">What they may touch.</param>
    /// <returns>serve, worker and jobs.</returns>
    public static IEnumerable<Command> Create(CliEnvironment environment) => [ServeCommand.Create(environment), WorkerCommand.Create(environment), ClientCommands.Create(environment)];
}
