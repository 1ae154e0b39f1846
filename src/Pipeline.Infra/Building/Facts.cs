using System.Globalization;

namespace Pipeline.Infra;

/// <summary>Reads plain facts out of values.</summary>
internal static class Facts
{
    internal static string? Text(Value value) => (value as TextValue)?.Content;

    internal static bool? Bool(Value value) => Text(value)?.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => null,
    };

    internal static int? Int(Value value) =>
        int.TryParse(Text(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Gets the items of a list; a single value counts as a list of one, as CloudFormation takes it.</summary>
    internal static IReadOnlyList<Value> Items(Value value) => value switch
    {
        ListValue list => [.. list.Items.SelectMany(item => item is ListValue inner ? inner.Items : [item])],
        AbsentValue => [],
        _ => [value],
    };

    internal static Value Entry(Value value, string name) => value is MapValue map && map.Entries.TryGetValue(name, out Value? found) ? found : AbsentValue.Instance;

    internal static Location Place(Value value, Location fallback) => value is MapValue map ? map.At : fallback;
}
