using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline infra</c>: proves what a deployment claims, finds what stands alone, says what it costs.</summary>
internal static class InfraCommand
{
    /// <summary>All claims are proved.</summary>
    internal const int AllProved = 0;

    /// <summary>A claim is refuted or blocked.</summary>
    internal const int Refuted = 1;

    /// <summary>Nothing is refuted, but something cannot be told.</summary>
    internal const int CannotTell = 3;

    /// <summary>Creates the command.</summary>
    /// <param name="environment">What it may touch.</param>
    /// <returns>The command.</returns>
    public static Command Create(CliEnvironment environment) =>
        new("infra", "Prove who reaches whom in CloudFormation templates, find what stands alone, say what it costs.")
        {
            InfraCheckCommand.Create(environment),
            InfraTraceCommand.Create(environment),
            InfraReachCommand.Create(environment),
            InfraSinglePointsCommand.Create(environment),
            InfraCostCommand.Create(environment),
            InfraValueCommand.Create(environment),
        };
}
