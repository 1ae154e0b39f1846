using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>The kinds of fields of a profile. A number without a finite value is null.</summary>
internal static class JsonFields
{
    extension(Utf8JsonWriter json)
    {
        public void Number(string name, double? value)
        {
            if (value is { } number && double.IsFinite(number))
                json.WriteNumber(name, number);
            else
                json.WriteNull(name);
        }

        public void Numbers(params ReadOnlySpan<(string Name, double? Value)> fields)
        {
            foreach ((string name, double? value) in fields)
                json.Number(name, value);
        }

        public void Kind<TKind>(string name, TKind kind)
            where TKind : struct, Enum => json.WriteString(name, JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));

        public void Object(string name, params ReadOnlySpan<(string Name, double? Value)> fields)
        {
            json.WriteStartObject(name);
            json.Numbers(fields);
            json.WriteEndObject();
        }

        public void Array<T>(string name, IEnumerable<T> items, Action<T> write)
        {
            json.WriteStartArray(name);
            foreach (T item in items)
            {
                json.WriteStartObject();
                write(item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        public void Strings(string name, IEnumerable<string> texts)
        {
            json.WriteStartArray(name);
            foreach (string text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }

        public void Estimate(string name, double value, ConfidenceInterval interval, string? method = null)
        {
            json.WriteStartObject(name);
            json.Numbers(("value", value), ("low", interval.Low), ("high", interval.High), ("level", interval.Level));
            if (method is not null)
                json.WriteString("method", method);
            json.WriteEndObject();
        }
    }
}
