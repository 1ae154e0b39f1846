using System.Text.Json.Serialization;

namespace Pipeline.Cli;

/// <summary>Reads and writes the records of the manifest without reflection.</summary>
[JsonSerializable(typeof(FinishedPhoto))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
internal sealed partial class ManifestJson : JsonSerializerContext;
