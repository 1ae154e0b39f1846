namespace Pipeline.Infra;

/// <summary>What a deployment claims: tiers and sentences about them, from a file or built in code.</summary>
/// <remarks>Not safe for use from several threads while it is built; checking does not change it.</remarks>
public sealed class ClaimSet
{
    internal Dictionary<string, TierSelector> Tiers { get; } = new(StringComparer.Ordinal);

    internal List<Claim> Claims { get; } = [];

    internal Dictionary<string, string> PrefixLists { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets what runs on a resource that the template only shows as a machine, by logical name.</summary>
    internal Dictionary<string, IReadOnlyList<string>> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a claims file (schema pipeline.infra.claims/1).</summary>
    /// <param name="path">The path.</param>
    /// <returns>The claims.</returns>
    /// <exception cref="TemplateException">The file is missing or no claims file; the message names the line.</exception>
    public static ClaimSet Load(string path) => ClaimReader.Read(DocumentReader.ReadFile(path));

    /// <summary>Reads claims from a text.</summary>
    /// <param name="name">The name of the file in messages.</param>
    /// <param name="text">The claims, YAML or JSON.</param>
    /// <returns>The claims.</returns>
    /// <exception cref="TemplateException">The text is no claims file; the message names the line.</exception>
    public static ClaimSet Parse(string name, string text) => ClaimReader.Read(DocumentReader.Read(name, text));

    /// <summary>Declares a tier.</summary>
    /// <param name="name">The name that claims use; not internet or any.</param>
    /// <param name="select">Fills the selector in.</param>
    /// <returns>The same set.</returns>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the selector selects nothing.</exception>
    public ClaimSet Tier(string name, Action<TierSelector> select)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(select);
        TierSelector selector = new();
        select(selector);
        if (selector.IsEmpty)
            throw new ArgumentException($"Tier '{name}' selects nothing. Name a type, a tag, a resource or a group.", nameof(select));
        if (name is "internet" or "any" || !Tiers.TryAdd(name, selector))
            throw new ArgumentException($"The tier name '{name}' is taken. Choose another.", nameof(name));
        return this;
    }

    /// <summary>Claims that these ports work from one tier to another and that nothing else arrives.</summary>
    /// <param name="from">A tier, internet or any.</param>
    /// <param name="to">A tier, internet, any, or the name of a service (s3, ssm).</param>
    /// <param name="ports">Ports such as tcp/443; at least one.</param>
    /// <returns>The same set.</returns>
    /// <exception cref="TemplateException">A port is written wrong.</exception>
    public ClaimSet Only(string from, string to, params string[] ports) => AddFlow(from, to, FlowKind.Only, ports);

    /// <summary>Claims that no packet to these ports arrives.</summary>
    /// <param name="from">A tier, internet or any.</param>
    /// <param name="to">A tier, internet or any.</param>
    /// <param name="ports">Ports such as tcp/22, or all.</param>
    /// <returns>The same set.</returns>
    /// <exception cref="TemplateException">A port is written wrong.</exception>
    public ClaimSet Never(string from, string to, params string[] ports) => AddFlow(from, to, FlowKind.Never, ports);

    /// <summary>Claims that connections to these ports work.</summary>
    /// <param name="from">A tier or internet.</param>
    /// <param name="to">A tier, internet, or the name of a service (s3, ssm).</param>
    /// <param name="ports">Ports such as tcp/443; at least one.</param>
    /// <returns>The same set.</returns>
    /// <exception cref="TemplateException">A port is written wrong.</exception>
    public ClaimSet Reach(string from, string to, params string[] ports) => AddFlow(from, to, FlowKind.Reach, ports);

    /// <summary>Claims that no packet to these ports arrives, by security groups alone and by network ACLs alone.</summary>
    /// <param name="from">A tier, internet or any.</param>
    /// <param name="to">A tier, internet or any.</param>
    /// <param name="ports">Ports such as tcp/22, or all.</param>
    /// <returns>The same set.</returns>
    /// <exception cref="TemplateException">A port is written wrong.</exception>
    public ClaimSet NeverByEachLayer(string from, string to, params string[] ports)
    {
        AddFlow(from, to, FlowKind.Never, ports);
        Claims[^1] = (FlowClaim)Claims[^1] with { EachLayer = true };
        return this;
    }

    /// <summary>Claims that the loss of any one zone keeps these tiers working.</summary>
    /// <param name="keep">Tiers, or egress for the ways out.</param>
    /// <returns>The same set.</returns>
    public ClaimSet SurviveLossOfAnyZone(params string[] keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        Claims.Add(new SurviveClaim(new Location("code", Claims.Count + 1), keep));
        return this;
    }

    /// <summary>Checks every claim.</summary>
    /// <param name="template">The template, read with its parameters.</param>
    /// <returns>One verdict per claim, in order.</returns>
    /// <exception cref="TemplateException">A claim names a tier that is not declared, or one that matches nothing.</exception>
    public ClaimReport Check(InfraTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return new ClaimChecker(template.Network, this).CheckAll(template);
    }

    /// <summary>Hands the content of prefix lists that the claims file names to the options of a template.</summary>
    /// <param name="options">Receives them.</param>
    public void CopyPrefixListsTo(TemplateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (KeyValuePair<string, string> list in PrefixLists)
            options.PrefixLists[list.Key] = list.Value;
    }

    private ClaimSet AddFlow(string from, string to, FlowKind kind, string[] ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        Location at = new("code", Claims.Count + 1);
        if (ports.Length == 0)
            throw new TemplateException(at, "the claim names no ports. Write tcp/443, or all.");
        Claims.Add(new FlowClaim(at, [from], [to], kind, [.. ports.Select(port => PortText.Parse(port, at))]));
        return this;
    }
}
