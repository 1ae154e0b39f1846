using System.Globalization;

namespace Pipeline.Infra;

/// <summary>Reads claims files.</summary>
internal static class ClaimReader
{
    private const string Schema = "pipeline.infra.claims/1";
    private static readonly string[] s_sections = ["schema", "tiers", "claims", "prefix-lists", "runs"];
    private static readonly string[] s_selectorKeys = ["type", "tag", "resource", "group"];
    private static readonly string[] s_flowKeys = ["from", "to", "only", "never", "reach", "via", "layers", "buckets"];

    internal static ClaimSet Read(DocumentNode root)
    {
        if (root is not MapNode map)
            throw new TemplateException(root.At, "a claims file is a map with 'schema', 'tiers' and 'claims'.");
        CheckKeys(map, s_sections, "a claims file");
        if (map["schema"] is not ScalarNode { Text: Schema })
            throw new TemplateException(map["schema"]?.At ?? map.At, $"the schema is not '{Schema}'. Write 'schema: {Schema}'.");
        ClaimSet set = new();
        foreach (MapEntry entry in (map["tiers"] as MapNode)?.Entries ?? [])
            ReadTier(set, entry);
        foreach (MapEntry entry in (map["prefix-lists"] as MapNode)?.Entries ?? [])
            set.PrefixLists[entry.Key] = TextOf(entry.Value);
        foreach (MapEntry entry in (map["runs"] as MapNode)?.Entries ?? [])
            set.Runs[entry.Key] = TextsOf(entry.Value);
        if (map["claims"] is not ListNode claims || claims.Items.Count == 0)
            throw new TemplateException(map["claims"]?.At ?? map.At, "the file claims nothing. Write a list under 'claims'.");
        foreach (DocumentNode claim in claims.Items)
            set.Claims.Add(ReadClaim(set, claim as MapNode ?? throw new TemplateException(claim.At, "a claim is a map, for example { from: internet, to: web, only: [tcp/443] }.")));
        return set;
    }

    private static void ReadTier(ClaimSet set, MapEntry entry)
    {
        if (entry.Key is "internet" or "any")
            throw new TemplateException(entry.KeyAt, $"the name '{entry.Key}' has a meaning of its own. Choose another name for the tier.");
        if (entry.Value is not MapNode map)
            throw new TemplateException(entry.KeyAt, "a tier is a map with type, tag, resource or group.");
        CheckKeys(map, s_selectorKeys, "a tier");
        TierSelector selector = new() { At = entry.KeyAt };
        foreach (string type in TextsOf(map["type"]))
            selector.Types.Add(type);
        foreach (string resource in TextsOf(map["resource"]))
            selector.Resources.Add(resource);
        foreach (string group in TextsOf(map["group"]))
            selector.Groups.Add(group);
        foreach (MapEntry tag in (map["tag"] as MapNode)?.Entries ?? [])
            selector.Tags[tag.Key] = TextOf(tag.Value);
        if (selector.IsEmpty)
            throw new TemplateException(entry.KeyAt, $"the tier '{entry.Key}' selects nothing. Write type, tag, resource or group.");
        set.Tiers[entry.Key] = selector;
    }

    private static Claim ReadClaim(ClaimSet set, MapNode map)
    {
        if (map["survive"] is { } survive)
        {
            CheckKeys(map, ["survive", "keep"], "a claim about survival");
            if (TextOf(survive) != "loss of any zone")
                throw new TemplateException(survive.At, $"'survive: {TextOf(survive)}' is not known. Write 'survive: loss of any zone'.");
            IReadOnlyList<string> keep = TextsOf(map["keep"]);
            if (keep.Count == 0)
                throw new TemplateException(map.At, "the claim keeps nothing. Write 'keep: [web, app]'.");
            CheckTiers(set, keep, [SurviveClaim.Egress], map["keep"]!.At);
            return new SurviveClaim(map.At, keep);
        }

        if (map["single-points"] is { } points)
        {
            CheckKeys(map, ["single-points", "allow"], "a claim about single points");
            if (TextOf(points) != "none")
                throw new TemplateException(points.At, $"'single-points: {TextOf(points)}' is not known. Write 'single-points: none'.");
            return new SinglePointsClaim(map.At, TextsOf(map["allow"]));
        }

        if (map["trace"] is { } trace)
        {
            CheckKeys(map, ["trace", "from", "to", "port"], "a claim about a trace");
            IReadOnlyList<string> ends = [TextOf(map["from"] ?? trace), TextOf(map["to"] ?? trace)];
            if (map["from"] is null || map["to"] is null)
                throw new TemplateException(map.At, "a trace names both ends. Write 'from' and 'to'.");
            CheckTiers(set, ends, ["internet"], map.At);
            int? port = map["port"] is { } text ? int.TryParse(TextOf(text), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 65535 ? number : throw new TemplateException(text.At, "the port is a number from 0 to 65535.") : null;
            return new TraceClaim(map.At, TextOf(trace), ends[0], ends[1], port);
        }

        return ReadFlow(set, map);
    }

    private static FlowClaim ReadFlow(ClaimSet set, MapNode map)
    {
        CheckKeys(map, s_flowKeys, "a claim");
        if (map["from"] is not { } from || map["to"] is not { } to)
            throw new TemplateException(map.At, "the claim names no ends. Write 'from' and 'to'.");
        (string Key, FlowKind Kind)[] kinds = [("only", FlowKind.Only), ("never", FlowKind.Never), ("reach", FlowKind.Reach)];
        (string Key, FlowKind Kind)[] found = [.. kinds.Where(kind => map[kind.Key] is not null)];
        if (found.Length != 1)
            throw new TemplateException(map.At, "the claim says nothing, or more than one thing. Write one of only, never, reach.");
        DocumentNode portsNode = map[found[0].Key]!;
        PortMatch[] ports = [.. TextsOf(portsNode).Select(text => PortText.Parse(text, portsNode.At))];
        if (ports.Length == 0)
            throw new TemplateException(portsNode.At, "the claim names no ports. Write tcp/443, or all.");
        IReadOnlyList<string> sources = TextsOf(from);
        IReadOnlyList<string> targets = TextsOf(to);
        CheckTiers(set, sources, ["internet", "any"], from.At);
        string[] services = found[0].Kind == FlowKind.Reach ? [.. ServiceNames.Known] : [];
        CheckTiers(set, targets, ["internet", "any", .. services], to.At);
        PathVia? via = null;
        if (map["via"] is { } viaNode)
        {
            via = PathViaNames.ByName.TryGetValue(TextOf(viaNode), out PathVia known) && known != PathVia.Unknown ? known
                : throw new TemplateException(viaNode.At, $"'{TextOf(viaNode)}' is no way.{Spelling.Suggest(TextOf(viaNode), PathViaNames.ByName.Keys)} Known are: {string.Join(", ", PathViaNames.ByName.Keys.Where(k => k != "unknown"))}.");
            if (found[0].Kind != FlowKind.Reach)
                throw new TemplateException(viaNode.At, "'via' belongs to 'reach'. Use it there.");
        }

        if (map["layers"] is { } layers && (TextOf(layers) != "each" || found[0].Kind != FlowKind.Never))
            throw new TemplateException(layers.At, "'layers' is 'each' and belongs to 'never'.");
        return new FlowClaim(map.At, sources, targets, found[0].Kind, ports)
        {
            Via = via,
            EachLayer = map["layers"] is not null,
            Buckets = map["buckets"] is { } buckets ? TextsOf(buckets) : null,
        };
    }

    private static void CheckTiers(ClaimSet set, IReadOnlyList<string> names, string[] reserved, Location at)
    {
        if (names.Count == 0)
            throw new TemplateException(at, "no tier is named here.");
        foreach (string name in names)
        {
            if (!set.Tiers.ContainsKey(name) && !reserved.Contains(name))
                throw new TemplateException(at, $"there is no tier '{name}'.{Spelling.Suggest(name, set.Tiers.Keys.Concat(reserved))} Declare it under 'tiers'.");
        }
    }

    private static void CheckKeys(MapNode map, string[] known, string what)
    {
        foreach (MapEntry entry in map.Entries)
        {
            if (!known.Contains(entry.Key))
                throw new TemplateException(entry.KeyAt, $"'{entry.Key}' is no key of {what}.{Spelling.Suggest(entry.Key, known)} Known are: {string.Join(", ", known)}.");
        }
    }

    private static string TextOf(DocumentNode node) => node is ScalarNode { IsNull: false } scalar ? scalar.Text : throw new TemplateException(node.At, "a text is needed here.");

    private static IReadOnlyList<string> TextsOf(DocumentNode? node) => node switch
    {
        null => [],
        ListNode list => [.. list.Items.Select(TextOf)],
        _ => [TextOf(node)],
    };
}
