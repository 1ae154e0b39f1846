using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Imaging;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PhotoJobPayload))]
[JsonSerializable(typeof(PhotoManifest))]
[JsonSerializable(typeof(PhotoJobSummary))]
internal sealed partial class PhotoJobJson : JsonSerializerContext;
