using System.CommandLine;
using System.Globalization;
using System.Text;
using Pipeline.Infra;

namespace Pipeline.Cli;

/// <summary><c>pipeline infra reach</c>: the whole table of who reaches whom.</summary>
internal static class InfraReachCommand
{
    internal static Command Create(CliEnvironment environment)
    {
        Argument<string[]> templates = new("TEMPLATE") { Description = "CloudFormation templates that are deployed together.", Arity = ArgumentArity.OneOrMore };
        InfraOptions options = new();
        Option<string?> to = new("--to") { HelpName = "TIER", Description = "Only this destination: a tier of the claims, a resource or internet." };
        Command command = new Command("reach", "List who reaches whom on which ports, and by which way.") { templates, to };
        options.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            ClaimSet? claims = options.ReadClaims(result);
            InfraTemplate template = options.ReadTemplates(result, result.GetRequiredValue(templates), claims);
            IReadOnlyList<ReachEntry> entries = InfraOptions.Guard(() => ReachMatrix.Compute(template, claims, result.GetValue(to)));
            StringBuilder text = new();
            foreach (ReachEntry entry in entries)
            {
                text.Append(CultureInfo.InvariantCulture, $"{entry.From} -> {entry.To} via {entry.Via}: {(entry.Ports.Length == 0 ? "no connection" : entry.Ports)}");
                if (entry.OneWay.Length > 0)
                    text.Append(CultureInfo.InvariantCulture, $"; arrives without an answer: {entry.OneWay}");
                text.Append(entry.Open ? "; more cannot be told\n" : "\n");
            }

            foreach (Gap gap in template.GlobalGaps)
                text.Append(CultureInfo.InvariantCulture, $"missing: {gap}\n");
            await environment.Out.WriteAsync(text.ToString()).ConfigureAwait(false);
            return template.GlobalGaps.Count > 0 || entries.Any(entry => entry.Open) ? InfraCommand.CannotTell : InfraCommand.AllProved;
        });
        return command;
    }
}
