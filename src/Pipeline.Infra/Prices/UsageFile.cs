using System.Globalization;

namespace Pipeline.Infra;

/// <summary>What a deployment uses in a month, which no template tells (schema pipeline.infra.usage/1).</summary>
public sealed class UsageFile
{
    private const string Schema = "pipeline.infra.usage/1";
    private static readonly string[] s_keys =
    [
        "schema", "hours", "nat-gb", "s3-gb", "endpoint-gb", "load-balancer-lcu", "internet-gb", "zone-gb", "file-gb", "file-puts", "file-gets", "queue-requests", "log-gb", "server-disk-gb",
        "task-vcpu", "task-gb", "revenue-per-hour", "outage-hours-seen",
    ];

    private readonly Dictionary<string, decimal> _values = new(StringComparer.Ordinal);

    /// <summary>Gets the hours of a month.</summary>
    /// <value>Default 730.</value>
    public decimal Hours => Get("hours", 730m);

    /// <summary>Reads a usage file.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The usage.</returns>
    /// <exception cref="TemplateException">The file is missing or no usage file; the message names the line.</exception>
    public static UsageFile Load(string path) => Read(DocumentReader.ReadFile(path));

    /// <summary>Reads usage from a text.</summary>
    /// <param name="name">The name of the file in messages.</param>
    /// <param name="text">The usage, YAML or JSON.</param>
    /// <returns>The usage.</returns>
    /// <exception cref="TemplateException">The text is no usage file; the message names the line.</exception>
    public static UsageFile Parse(string name, string text) => Read(DocumentReader.Read(name, text));

    /// <summary>Gets a figure.</summary>
    /// <param name="key">The key, for example nat-gb.</param>
    /// <param name="otherwise">What holds when the file does not name it.</param>
    /// <returns>The figure.</returns>
    public decimal Get(string key, decimal otherwise = 0m) => _values.GetValueOrDefault(key, otherwise);

    private static UsageFile Read(DocumentNode root)
    {
        if (root is not MapNode map || map["schema"] is not ScalarNode { Text: Schema })
            throw new TemplateException(root.At, $"this is no usage file. It begins with 'schema: {Schema}'.");
        UsageFile usage = new();
        foreach (MapEntry entry in map.Entries)
        {
            if (!s_keys.Contains(entry.Key))
                throw new TemplateException(entry.KeyAt, $"'{entry.Key}' is no figure of usage.{Spelling.Suggest(entry.Key, s_keys)} Known are: {string.Join(", ", s_keys)}.");
            if (entry.Key == "schema")
                continue;
            if (entry.Value is not ScalarNode scalar || !decimal.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out decimal value))
                throw new TemplateException(entry.KeyAt, $"'{entry.Key}' is no number of 0 or more.");
            usage._values[entry.Key] = value;
        }

        return usage;
    }
}
