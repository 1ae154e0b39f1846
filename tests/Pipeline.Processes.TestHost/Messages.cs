using System.Text.Json.Serialization;

namespace Pipeline.Processes.TestHost;

/// <summary>A request with a bit of everything.</summary>
public sealed record Order(string Text, int Number = 0, string? File = null);

/// <summary>What most test functions answer.</summary>
public sealed record Answer(string Text, int ProcessId, int Number = 0);

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(string))]
public sealed partial class HostJson : JsonSerializerContext;
