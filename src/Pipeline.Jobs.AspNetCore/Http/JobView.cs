using System.Text.Json;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>A job as the HTTP interface shows it.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Kind">Which body runs it.</param>
/// <param name="State">queued, running, canceling, done, failed or canceled.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="RunAt">When the next attempt may start.</param>
/// <param name="StartedAt">When a worker first took it.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Leases">Attempts in all.</param>
/// <param name="Deaths">Attempts whose worker died, hung or was cut off.</param>
/// <param name="Errors">Attempts that ended with an error.</param>
/// <param name="Interruptions">Attempts that were given back; they count against nothing.</param>
/// <param name="LateCommits">Writes of workers without a lease, which were refused.</param>
/// <param name="Problem">Why it failed, or why the last attempt did.</param>
/// <param name="Summary">What the body says about its result.</param>
/// <param name="Result">Where the result is; null when there is none.</param>
/// <param name="RetryOf">The job that this one repeats.</param>
/// <param name="Payload">What the body was given.</param>
public sealed record JobView(
    string Id,
    string Kind,
    string State,
    int Priority,
    DateTimeOffset CreatedAt,
    DateTimeOffset RunAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    JobProgress? Progress,
    int Leases,
    int Deaths,
    int Errors,
    int Interruptions,
    int LateCommits,
    JobProblem? Problem,
    JsonElement? Summary,
    string? Result,
    string? RetryOf,
    JsonElement Payload)
{
    internal static JobView Of(Job job, string prefix) => new(
        job.Id.ToString("N"), job.Kind, job.State.Word(), job.Priority, job.CreatedAt, job.RunAt, job.StartedAt, job.EndedAt, job.Progress, job.Leases, job.Deaths, job.Errors,
        job.Interruptions, job.LateCommits, job.Problem, Json(job.Result?.Summary), job.Result?.Artifact is null ? null : $"{prefix}/jobs/{job.Id:N}/result", job.RetryOf?.ToString("N"), Json(job.Payload)!.Value);

    // A body may hand in a summary that is no JSON; it is shown as a text then.
    private static JsonElement? Json(string? text)
    {
        if (text is null)
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text, JobJson.Default.String);
        }
    }
}
