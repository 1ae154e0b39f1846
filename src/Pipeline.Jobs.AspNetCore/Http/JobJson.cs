using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>How the HTTP interface writes JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, MaxDepth = 64)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobListView))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(UploadView))]
[JsonSerializable(typeof(string))]
internal sealed partial class JobJson : JsonSerializerContext;
