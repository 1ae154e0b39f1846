using System.Text.Json.Serialization;

namespace Pipeline.Processes;

/// <summary>Without generated writing code: that would make the default encoder, which the main thread is making at that time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WarmUpSample))]
internal sealed partial class WarmUpJson : JsonSerializerContext;
