namespace Pipeline.Infra;

/// <summary>One or more CloudFormation templates, read together with their parameters and imports.</summary>
/// <remarks>Instances do not change and can be used from any thread.</remarks>
public sealed class InfraTemplate
{
    private readonly List<TemplateScope> _scopes;
    private readonly Dictionary<string, string> _prefixLists;

    internal InfraTemplate(List<TemplateScope> scopes, Dictionary<string, string> prefixLists)
    {
        _scopes = scopes;
        _prefixLists = prefixLists;
        Network = NetworkBuilder.Build(scopes, prefixLists);
    }

    /// <summary>Gets the files that were read, as they were named.</summary>
    public IReadOnlyList<string> Files => [.. _scopes.Select(scope => scope.File)];

    /// <summary>Gets what stands in the templates and has no effect or is probably not meant.</summary>
    public IReadOnlyList<Finding> Findings => Network.Findings;

    /// <summary>Gets what was taken for granted, one sentence each, with a code in front.</summary>
    public IReadOnlyList<string> Assumptions => [.. Network.Assumptions.Select(pair => $"{pair.Key}: {pair.Value}")];

    /// <summary>Gets what the model cannot tell and which therefore stays open in every answer: macros, parts of the network that are not modeled.</summary>
    public IReadOnlyList<Gap> GlobalGaps => Network.GlobalGaps;

    internal NetworkModel Network { get; }

    internal IReadOnlyList<TemplateScope> Scopes => _scopes;

    /// <summary>Reads templates that are deployed together.</summary>
    /// <param name="paths">One or more paths.</param>
    /// <param name="options">Parameters, imports and region; null for defaults only.</param>
    /// <returns>The templates with the network that they describe.</returns>
    /// <exception cref="TemplateException">A file is missing or is no template; the message names the line.</exception>
    /// <exception cref="ArgumentException"><paramref name="paths"/> is empty.</exception>
    public static InfraTemplate Load(IReadOnlyList<string> paths, TemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
            throw new ArgumentException("No template was given. Name at least one file.", nameof(paths));
        return new TemplateLoader(options ?? new TemplateOptions()).Load([.. paths.Select(path => (path, DocumentReader.ReadFile(path)))]);
    }

    /// <summary>Reads a template from a text.</summary>
    /// <param name="name">The name of the file in messages.</param>
    /// <param name="text">The template, YAML or JSON.</param>
    /// <param name="options">Parameters, imports and region; null for defaults only.</param>
    /// <returns>The template with the network that it describes.</returns>
    /// <exception cref="TemplateException">The text is no template; the message names the line.</exception>
    public static InfraTemplate Parse(string name, string text, TemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        return new TemplateLoader(options ?? new TemplateOptions()).Load([(name, DocumentReader.Read(name, text))]);
    }

    /// <summary>Builds the network anew, for a change that must not touch this one.</summary>
    internal NetworkModel BuildCopy() => NetworkBuilder.Build(_scopes, _prefixLists);
}
