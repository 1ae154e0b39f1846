using System.Globalization;

namespace Pipeline.Infra;

/// <summary>Takes one item of a list.</summary>
internal static class ListFunctions
{
    internal static Value Select(Value index, Value list, MapEntry call)
    {
        if (index is UnknownValue)
            return index;
        if (list is UnknownValue unknown)
            return new UnknownValue(unknown.Gap with { Property = $"{unknown.Gap.Property}[{index.Key}]" });
        if (index is not TextValue text || !int.TryParse(text.Content, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            throw new TemplateException(call.KeyAt, $"Fn::Select takes an index from 0; seen: '{index.Key}'.");
        if (list is SymbolValue { Name: "zones" })
            return new SymbolValue($"{SymbolValue.ZonePrefix}{number}");
        if (list is not ListValue known)
            return IntrinsicFunctions.NotTold(call, "the list is decided by the deployment.");
        if (number >= known.Items.Count)
            throw new TemplateException(call.KeyAt, $"Fn::Select asks for item {number} of a list of {known.Items.Count}. The first item is 0.");
        return known.Items[number];
    }
}
