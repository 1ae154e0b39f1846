using System.Text.RegularExpressions;

namespace Pipeline.Infra.Tests;

/// <summary>The public templates that Corpora/fetch.sh brings, or those of the folder that PIPELINE_INFRA_CORPORA names.</summary>
internal static partial class Corpus
{
    internal static string? Folder { get; } = Find();

    /// <summary>Gets the templates that have anything to do with a network.</summary>
    internal static IReadOnlyList<string> Templates(string? repository = null)
    {
        string folder = repository is null ? Folder! : Path.Combine(Folder!, repository);
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".yaml" or ".yml" or ".json" or ".template").Order(StringComparer.Ordinal)
            .Where(path => File.ReadAllText(path) is var text && text.Contains("Resources", StringComparison.Ordinal) && Network().IsMatch(text))];
    }

    private static string? Find()
    {
        string folder = Environment.GetEnvironmentVariable("PIPELINE_INFRA_CORPORA") ?? Repository.File("tests/Pipeline.Infra.Tests/Corpora/files");
        return Directory.Exists(folder) ? folder : null;
    }

    [GeneratedRegex("AWS::(EC2::(VPC|Subnet|SecurityGroup|Instance|Route|NetworkAcl|NatGateway|NetworkInterface)|ElasticLoadBalancing|RDS::DB|ECS::Service)")]
    private static partial Regex Network();
}
