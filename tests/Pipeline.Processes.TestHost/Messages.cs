using System.Text.Json.Serialization;
using Pipeline.Core;

namespace Pipeline.Processes.TestHost;

/// <summary>A request with a bit of everything.</summary>
public sealed record Order(string Text, int Number = 0, string? File = null);

/// <summary>What most test functions answer.</summary>
public sealed record Answer(string Text, int ProcessId, int Number = 0);

/// <summary>A request or result with bytes in shared memory.</summary>
public sealed record Pixels(SharedBuffer Bytes, string Text, int Number = 0) : IWeighted, IDisposable
{
    public long WeightBytes => Bytes.WeightBytes;

    public void Dispose() => Bytes.Dispose();
}

[JsonSerializable(typeof(Counted))]
[JsonSerializable(typeof(Pixels))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(string))]
public sealed partial class HostJson : JsonSerializerContext;
