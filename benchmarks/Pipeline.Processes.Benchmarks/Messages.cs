using System.Text.Json.Serialization;

namespace Pipeline.Processes.Benchmarks;

internal sealed record Message(string Text, int Number = 0);

internal sealed record Pixels(byte[] Bytes);

[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(Pixels))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
