using System.Text.Json.Serialization;

namespace Pipeline.Processes.Benchmarks;

internal sealed record Message(string Text, int Number = 0);

[JsonSerializable(typeof(Message))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
