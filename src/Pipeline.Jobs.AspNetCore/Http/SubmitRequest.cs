using System.Text.Json;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>The body of POST /jobs.</summary>
/// <param name="Kind">Which body runs the job.</param>
/// <param name="Payload">What the body is given: any JSON, up to 256 KiB; <c>{}</c> when missing.</param>
/// <param name="Priority">-100 to 100; 0 when missing.</param>
/// <param name="DelaySeconds">Seconds before the first attempt, 0 to 31,536,000; 0 when missing.</param>
public sealed record SubmitRequest(string? Kind, JsonElement? Payload, int? Priority, double? DelaySeconds);
