using System.CommandLine;
using System.Text;
using Pipeline.Infra;

namespace Pipeline.Cli;

/// <summary><c>pipeline infra check</c>: decides every claim of a file.</summary>
internal static class InfraCheckCommand
{
    internal static Command Create(CliEnvironment environment)
    {
        Argument<string[]> templates = new("TEMPLATE") { Description = "CloudFormation templates that are deployed together.", Arity = ArgumentArity.OneOrMore };
        InfraOptions options = new();
        Option<bool> mutate = new("--mutate") { Description = "Change every rule once and say which claims notice; a claim that no change breaks says nothing." };
        Option<string?> json = new("--json") { HelpName = "FILE", Description = "Write the report as JSON (pipeline.infra.report/1); '-' for standard output." };
        Option<string?> html = new("--report") { HelpName = "FILE", Description = "Write the report as a page." };
        Command command = new Command("check", "Prove or refute the claims; exit code 0 all proved, 1 something refuted or blocked, 3 something cannot be told.") { templates, mutate, json, html };
        options.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            ClaimSet claims = options.ReadClaims(result) ?? throw new UsageException("no claims were given. Name a file with --claims FILE.");
            InfraTemplate template = options.ReadTemplates(result, result.GetRequiredValue(templates), claims);
            ClaimReport report = InfraOptions.Guard(() => claims.Check(template));
            if (result.GetValue(mutate))
                ClaimMutator.AddTo(template, claims, report, token);
            await WriteAsync(environment, report, result.GetValue(json), result.GetValue(html)).ConfigureAwait(false);
            return report.ExitCode;
        });
        return command;
    }

    private static async Task WriteAsync(CliEnvironment environment, ClaimReport report, string? json, string? html)
    {
        if (json is not null)
        {
            using MemoryStream stream = new();
            report.WriteJson(stream);
            string text = Encoding.UTF8.GetString(stream.ToArray());
            if (json == "-")
                await environment.Out.WriteLineAsync(text).ConfigureAwait(false);
            else
                await File.WriteAllTextAsync(json, text).ConfigureAwait(false);
        }

        if (html is not null)
            await File.WriteAllTextAsync(html, report.ToHtml()).ConfigureAwait(false);
        if (json != "-")
            await environment.Out.WriteAsync(report.ToText()).ConfigureAwait(false);
    }
}
