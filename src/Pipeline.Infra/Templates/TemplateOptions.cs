namespace Pipeline.Infra;

/// <summary>What templates are read with besides their text.</summary>
public sealed class TemplateOptions
{
    /// <summary>Gets or sets the region.</summary>
    /// <value>A region name; default null: us-east-1, and the report says that this was assumed where it matters.</value>
    public string? Region { get; set; }

    /// <summary>Gets or sets the file with the values of parameters.</summary>
    /// <value>A path to YAML or JSON, either a map of names or the list of ParameterKey and ParameterValue of the AWS command line; default null: only defaults are used.</value>
    public string? ParametersFile { get; set; }

    /// <summary>Gets the values of parameters by name; they win over <see cref="ParametersFile"/>.</summary>
    /// <value>Empty by default.</value>
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the files that tell what other stacks export.</summary>
    /// <value>Paths, each to a template whose outputs are exported ("NAME=PATH" names its stack) or to a map from export to value; empty by default.</value>
    public IList<string> ImportFiles { get; } = [];

    /// <summary>Gets the content of prefix lists that no template declares.</summary>
    /// <value>From the id of the list to the service whose addresses it holds, for example "s3"; empty by default.</value>
    public IDictionary<string, string> PrefixLists { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
