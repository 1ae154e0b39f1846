using System.Text.Json.Serialization;

namespace Pipeline.Processes.Benchmarks;

internal sealed record Message(string Text, int Number = 0);

internal sealed record Pixels(byte[] Bytes);

internal sealed record SharedPixels(SharedBuffer Bytes) : IDisposable
{
    public void Dispose() => Bytes.Dispose();
}

[JsonSerializable(typeof(SharedPixels))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(Pixels))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
