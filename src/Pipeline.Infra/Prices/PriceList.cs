using System.Globalization;

namespace Pipeline.Infra;

/// <summary>The prices of one region, each with date and source.</summary>
/// <remarks>Does not change; safe from any thread. Nothing is fetched.</remarks>
public sealed class PriceList
{
    private const string Schema = "pipeline.infra.prices/1";

    private readonly Dictionary<string, Price> _prices;

    private PriceList(string region, Dictionary<string, Price> prices)
    {
        Region = region;
        _prices = prices;
    }

    /// <summary>Gets the region.</summary>
    public string Region { get; }

    /// <summary>Gets all prices.</summary>
    public IReadOnlyCollection<Price> All => _prices.Values;

    /// <summary>Gets the prices that come with the package.</summary>
    /// <param name="region">us-east-1 or ap-northeast-2.</param>
    /// <returns>The list.</returns>
    /// <exception cref="TemplateException">The package has no prices of the region.</exception>
    public static PriceList Of(string region)
    {
        ArgumentNullException.ThrowIfNull(region);
        using Stream? stream = typeof(PriceList).Assembly.GetManifestResourceStream($"prices/{region}.json");
        if (stream is null)
            throw new TemplateException(new Location("prices", 1), $"there are no prices of the region '{region}'. Known are us-east-1 and ap-northeast-2; give a file of your own with --prices.");
        using StreamReader reader = new(stream);
        return Read(DocumentReader.Read($"prices/{region}.json", reader.ReadToEnd()));
    }

    /// <summary>Reads prices from a file (schema pipeline.infra.prices/1) over those of the package.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The list: what the file does not name comes from the package, if it knows the region.</returns>
    /// <exception cref="TemplateException">The file is missing or no list of prices; the message names the line.</exception>
    public static PriceList Load(string path)
    {
        PriceList own = Read(DocumentReader.ReadFile(path));
        using Stream? stream = typeof(PriceList).Assembly.GetManifestResourceStream($"prices/{own.Region}.json");
        if (stream is null)
            return own;
        Dictionary<string, Price> merged = new(Of(own.Region)._prices, StringComparer.Ordinal);
        foreach (Price price in own.All)
            merged[price.Item] = price;
        return new PriceList(own.Region, merged);
    }

    /// <summary>Looks a price up.</summary>
    /// <param name="item">The name.</param>
    /// <returns>The price, or null when the list has none.</returns>
    public Price? Find(string item) => _prices.GetValueOrDefault(item);

    private static PriceList Read(DocumentNode root)
    {
        if (root is not MapNode map || map["schema"] is not ScalarNode { Text: Schema } || map["region"] is not ScalarNode region || map["prices"] is not ListNode list)
            throw new TemplateException(root.At, $"this is no list of prices. It has 'schema: {Schema}', 'region' and a list 'prices'.");
        Dictionary<string, Price> prices = new(StringComparer.Ordinal);
        foreach (DocumentNode node in list.Items)
        {
            if (node is not MapNode line)
                throw new TemplateException(node.At, "a price is a map with item, price, unit, date and source.");
            if (!decimal.TryParse(Text(line, "price"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount))
                throw new TemplateException(line.At, $"the price '{Text(line, "price")}' is no number of US dollars.");
            Price price = new(Text(line, "item"), amount, Text(line, "unit"), Text(line, "date"), Text(line, "source"), line["certain"] is not ScalarNode { Text: "false" });
            if (!prices.TryAdd(price.Item, price))
                throw new TemplateException(line.At, $"the item '{price.Item}' has two prices. Remove one.");
        }

        return new PriceList(region.Text, prices);
    }

    private static string Text(MapNode map, string key) =>
        map[key] is ScalarNode { IsNull: false } scalar ? scalar.Text : throw new TemplateException(map.At, $"the price has no '{key}'. Write item, price, unit, date and source.");
}
