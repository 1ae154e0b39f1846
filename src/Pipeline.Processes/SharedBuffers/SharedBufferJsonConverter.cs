using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Processes;

/// <summary>Writes where a <see cref="SharedBuffer"/> lies instead of its bytes. Used by the serializer; there is no reason to call it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SharedBufferJsonConverter : JsonConverter<SharedBuffer>
{
    /// <inheritdoc/>
    public override SharedBuffer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || !reader.TryGetInt64(out long offset)
            || !reader.Read() || !reader.TryGetInt32(out int length) || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
            throw new JsonException("A shared buffer travels as [offset, length].");
        return SharedTransfer.Current.Resolve(offset, length);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SharedBuffer value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        SharedTransfer.Current.Add(value);
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Offset);
        writer.WriteNumberValue(value.Length);
        writer.WriteEndArray();
    }
}
