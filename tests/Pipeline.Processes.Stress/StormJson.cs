using System.Text.Json.Serialization;

namespace Pipeline.Processes.Stress;

/// <summary>Bytes in shared memory that all are the call's number.</summary>
internal sealed record StormPixels(SharedBuffer Bytes) : IDisposable
{
    public void Dispose() => Bytes.Dispose();
}

/// <summary>Type information of the storm's messages.</summary>
[JsonSerializable(typeof(StormCall))]
[JsonSerializable(typeof(StormAnswer))]
[JsonSerializable(typeof(StormPixels))]
internal sealed partial class StormJson : JsonSerializerContext;

/// <summary>A call: its number and how long it computes.</summary>
internal sealed record StormCall(int Number, int Microseconds);

/// <summary>The answer to a call.</summary>
internal sealed record StormAnswer(int Number);
