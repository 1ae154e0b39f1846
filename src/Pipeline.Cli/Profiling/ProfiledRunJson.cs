using System.Text.Json.Serialization;

namespace Pipeline.Cli;

/// <summary>Type information of what travels between a sweep and the processes of its runs.</summary>
[JsonSerializable(typeof(ProfiledRunOrder))]
[JsonSerializable(typeof(ProfiledRun))]
internal sealed partial class ProfiledRunJson : JsonSerializerContext;
