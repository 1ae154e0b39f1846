using System.Text.Json.Serialization;

namespace Pipeline.Cli;

/// <summary>Type information of what travels between the tool and its worker processes.</summary>
[JsonSerializable(typeof(PhotoOrder))]
[JsonSerializable(typeof(PhotoOutcome))]
internal sealed partial class PhotoOrderJson : JsonSerializerContext;
