using System.Text.Json.Serialization;

namespace Pipeline.Processes.Stress;

/// <summary>Type information of the storm's messages.</summary>
[JsonSerializable(typeof(StormCall))]
[JsonSerializable(typeof(StormAnswer))]
internal sealed partial class StormJson : JsonSerializerContext;

/// <summary>A call: its number and how long it computes.</summary>
internal sealed record StormCall(int Number, int Microseconds);

/// <summary>The answer to a call.</summary>
internal sealed record StormAnswer(int Number);
