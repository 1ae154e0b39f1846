using System.CommandLine;
using Pipeline.Infra;

namespace Pipeline.Cli;

/// <summary><c>pipeline infra single-points</c>: the parts whose loss takes everything down.</summary>
internal static class InfraSinglePointsCommand
{
    internal static Command Create(CliEnvironment environment)
    {
        Argument<string[]> templates = new("TEMPLATE") { Description = "CloudFormation templates that are deployed together.", Arity = ArgumentArity.OneOrMore };
        InfraOptions options = new();
        Option<string?> compare = new("--compare") { HelpName = "TEMPLATE", Description = "A second version to set beside." };
        Command command = new Command("single-points", "Take each part of the user's path away in turn: what breaks, what users see, how it comes back.") { templates, compare };
        options.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            ClaimSet? claims = options.ReadClaims(result);
            SinglePointReport report = SinglePointAnalysis.Analyze(options.ReadTemplates(result, result.GetRequiredValue(templates), claims), claims);
            await environment.Out.WriteAsync(report.ToText()).ConfigureAwait(false);
            if (result.GetValue(compare) is { } other)
            {
                SinglePointReport second = SinglePointAnalysis.Analyze(options.ReadTemplates(result, [other], claims), claims);
                await environment.Out.WriteAsync($"\n{second.ToText()}\n{report.CompareWith(second)}").ConfigureAwait(false);
            }

            return InfraCommand.AllProved;
        });
        return command;
    }
}
