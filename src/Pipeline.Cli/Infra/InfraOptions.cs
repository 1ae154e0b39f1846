using System.CommandLine;
using Pipeline.Infra;

namespace Pipeline.Cli;

/// <summary>What all commands of <c>pipeline infra</c> read templates with.</summary>
internal sealed class InfraOptions
{
    private readonly Option<string?> _parameters = new("--parameters") { HelpName = "FILE", Description = "Values of parameters: a map of names, or the list of ParameterKey and ParameterValue." };
    private readonly Option<string[]> _imports = new("--imports") { HelpName = "FILE", Description = "A template whose outputs other stacks export (NAME=FILE names its stack), or a map from export to value. May be given several times.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _region = new("--region") { HelpName = "REGION", Description = "The region of the deployment, for example ap-northeast-2." };
    private readonly Option<string?> _claims = new("--claims") { HelpName = "FILE", Description = "The claims file with tiers and sentences." };

    internal Option<string?> Claims => _claims;

    internal void AddTo(Command command, bool withClaims = true)
    {
        command.Options.Add(_parameters);
        command.Options.Add(_imports);
        command.Options.Add(_region);
        if (withClaims)
            command.Options.Add(_claims);
    }

    internal string RegionOf(ParseResult result) => result.GetValue(_region) ?? "us-east-1";

    internal ClaimSet? ReadClaims(ParseResult result) => result.GetValue(_claims) is { } path ? Guard(() => ClaimSet.Load(path)) : null;

    internal InfraTemplate ReadTemplates(ParseResult result, IReadOnlyList<string> paths, ClaimSet? claims)
    {
        TemplateOptions options = new() { Region = result.GetValue(_region), ParametersFile = result.GetValue(_parameters) };
        foreach (string import in result.GetValue(_imports) ?? [])
            options.ImportFiles.Add(import);
        claims?.CopyPrefixListsTo(options);
        return Guard(() => InfraTemplate.Load(paths, options));
    }

    /// <summary>Turns a mistake in a file into wrong usage: exit code 2.</summary>
    internal static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is TemplateException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }
}
