using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>A pooled buffer that grows; payloads are written into it before they are sent.</summary>
#pragma warning disable CA1001 // one per thread, kept for its life; the JSON writer holds nothing but this buffer
internal sealed class PayloadWriter : IBufferWriter<byte>
#pragma warning restore CA1001
{
    [ThreadStatic]
    private static PayloadWriter? s_cached;

    private readonly Utf8JsonWriter _json;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);

    private PayloadWriter() => _json = new Utf8JsonWriter(this, new JsonWriterOptions { SkipValidation = true });

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _buffer.AsSpan(Length);
    }

    /// <summary>Serializes a value.</summary>
    /// <returns>A writer of this thread; give it back with <see cref="Release"/>.</returns>
    public static PayloadWriter Serialize<T>(T value, JsonTypeInfo<T> type)
    {
        PayloadWriter writer = Rent();
        try
        {
            JsonSerializer.Serialize(writer._json, value, type);
            writer._json.Flush();
        }
        catch
        {
            writer.Release();
            throw;
        }

        return writer;
    }

    public static PayloadWriter Rent()
    {
        PayloadWriter writer = s_cached ?? new PayloadWriter();
        s_cached = null;
        writer.Length = 0;
        writer._json.Reset();
        return writer;
    }

    public void Release()
    {
        // A buffer that one large payload needed is not kept for the small ones that follow.
        if (_buffer.Length > 64 * 1024)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(512);
        }

        s_cached ??= this;
    }

    private void Grow(int sizeHint)
    {
        int needed = Length + Math.Max(sizeHint, 1);
        if (needed <= _buffer.Length)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
