using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>The routes of jobs and uploads. Every one works for the caller's tenant alone.</summary>
internal static class JobEndpoints
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(300);

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/jobs", SubmitAsync).WithName("SubmitJob").WithSummary("Accepts a job. Repeat it safely with an Idempotency-Key.")
            .Accepts<SubmitRequest>("application/json").Produces<JobView>(202).ProducesProblem(400).ProducesProblem(422).ProducesProblem(429).ProducesProblem(503);
        group.MapGet("/jobs", ListAsync).WithName("ListJobs").WithSummary("Lists jobs, newest first.").Produces<JobListView>().ProducesProblem(400);
        group.MapGet("/jobs/{id:guid}", FindAsync).WithName("GetJob").WithSummary("Shows a job; 304 while its ETag is the same.").Produces<JobView>().Produces(304).ProducesProblem(404);
        group.MapGet("/jobs/{id:guid}/events", WatchAsync).WithName("WatchJob").WithSummary("Sends the job as server-sent events until it ends.").Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        group.MapGet("/jobs/{id:guid}/result", ResultAsync).WithName("GetResult").WithSummary("Redirects to a link that is signed for this request and works for minutes.").Produces(307).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("/jobs/{id:guid}/file", FileAsync).WithName("GetFile").WithSummary("Redirects to a link of one artifact of the job.").Produces(307).ProducesProblem(404);
        group.MapDelete("/jobs/{id:guid}", CancelAsync).WithName("CancelJob").WithSummary("Asks for the end of a job.").Produces<JobView>(202).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/jobs/{id:guid}/retry", RetryAsync).WithName("RetryJob").WithSummary("Submits a failed or canceled job again, as a new job that goes on from the last checkpoint.").Produces<JobView>(202).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/uploads", UploadAsync).WithName("CreateUpload").WithSummary("Gives a link that takes one input by PUT.").Accepts<UploadRequest>("application/json").Produces<UploadView>(201).ProducesProblem(400);
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, IJobStore store, IJobQueue queue, JobServiceOptions options)
    {
        (SubmitRequest? request, IResult? refusal) = await ReadAsync(http, JobJson.Default.SubmitRequest).ConfigureAwait(false);
        if (request is null)
            return refusal!;
        if (request.Kind is null || !options.AcceptedKinds.Contains(request.Kind))
            return Problems.Of(400, "kind-unknown", "No such kind of job.", $"The kind '{JobLimits.Cut(request.Kind, 64)}' is not one of: {string.Join(", ", options.AcceptedKinds)}.");
        string? key = http.Request.Headers["Idempotency-Key"];
        double delay = request.DelaySeconds ?? 0;
        if (delay is not (>= 0 and <= 31_536_000))
            return Problems.Of(400, "bad-request", "The job is not acceptable.", $"delaySeconds was {delay}. It must be 0 to 31,536,000.");
        JobSubmission submission = new()
        {
            Tenant = Caller.Tenant(http),
            Kind = request.Kind,
            Payload = request.Payload is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } payload ? payload.GetRawText() : "{}",
            IdempotencyKey = key is ['"', .. string quoted, '"'] ? quoted : key,
            Priority = request.Priority ?? 0,
            Delay = TimeSpan.FromSeconds(delay),
            MaxUnfinished = options.MaxUnfinishedJobs,
            NeedsSettlement = options.Settles(request.Kind),
            TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
        };
        try
        {
            return await AcceptAsync(http, store, queue, submission, options).ConfigureAwait(false);
        }
        catch (ArgumentException error)
        {
            return Problems.Of(400, "bad-request", "The job is not acceptable.", error.Message);
        }
    }

    // The answer comes after the row is durable. The queue is told on the way and again by whoever finds it untold, so its failure is no failure of the job.
    private static async Task<IResult> AcceptAsync(HttpContext http, IJobStore store, IJobQueue queue, JobSubmission submission, JobServiceOptions options)
    {
        SubmitResult result = await store.SubmitAsync(submission, CancellationToken.None).ConfigureAwait(false);
        switch (result.Outcome)
        {
            case SubmitOutcome.KeyReused:
                return Problems.Of(422, "key-reused", "The Idempotency-Key belongs to another request.", "Use a new key for a new job, or repeat the first request as it was.");
            case SubmitOutcome.QuotaExceeded:
                return Problems.TooMany(http, $"At most {options.MaxUnfinishedJobs:N0} unfinished jobs are kept for a tenant. Wait until some have ended.");
            case SubmitOutcome.Replayed:
                http.Response.Headers["Idempotent-Replayed"] = "true";
                break;
        }

        Job job = result.Job!;
        if (!job.State.IsFinal())
            await queue.SendAsync(job, http.RequestAborted).ConfigureAwait(false);
        http.Response.Headers.RetryAfter = "1";
        JobView view = JobView.Of(job, http.Request.PathBase);
        return TypedResults.Accepted($"{http.Request.PathBase}/jobs/{job.Id:N}", view);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IJobStore store, string? state, string? kind, string? after, int? limit)
    {
        JobState? wanted = JobStates.FromWord(state);
        if (state is not null && wanted is null)
            return Problems.Of(400, "bad-request", "No such state.", $"The state '{JobLimits.Cut(state, 64)}' is not one of queued, running, canceling, done, failed, canceled.");
        try
        {
            Jobs.JobPage page = await store.ListAsync(new JobQuery { Tenant = Caller.Tenant(http), State = wanted, Kind = kind, After = after, Limit = limit ?? 50 }, http.RequestAborted).ConfigureAwait(false);
            return TypedResults.Ok(new JobListView([.. page.Jobs.Select(job => JobView.Of(job, http.Request.PathBase))], page.Next));
        }
        catch (ArgumentException error)
        {
            return Problems.Of(400, "bad-request", "The list cannot be given.", error.Message);
        }
    }

    private static async Task<IResult> FindAsync(HttpContext http, IJobStore store, Guid id)
    {
        if (await store.FindAsync(Caller.Tenant(http), id, http.RequestAborted).ConfigureAwait(false) is not { } job)
            return Problems.NotFound();
        string tag = string.Create(CultureInfo.InvariantCulture, $"\"{job.Version}\"");
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (!job.State.IsFinal())
            http.Response.Headers.RetryAfter = "1";
        return http.Request.Headers.IfNoneMatch.ToString().Split(',').Any(known => known.Trim() == tag)
            ? TypedResults.StatusCode(304)
            : TypedResults.Ok(JobView.Of(job, http.Request.PathBase));
    }

    private static async Task<IResult> WatchAsync(HttpContext http, IJobStore store, Guid id, TenantLimits limits, JobServiceOptions options)
    {
        string tenant = Caller.Tenant(http);
        if (await store.FindAsync(tenant, id, http.RequestAborted).ConfigureAwait(false) is not { } job)
            return Problems.NotFound();
        if (!limits.TryOpenStream(tenant))
            return Problems.TooMany(http, $"At most {options.MaxEventStreams} event streams may be open. Close one, or poll the job instead.");
        http.Response.OnCompleted(() =>
        {
            limits.CloseStream(tenant);
            return Task.CompletedTask;
        });
        return TypedResults.ServerSentEvents(Events(store, job, http.Request.PathBase, options.TimeProvider, http.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<JobView>> Events(IJobStore store, Job job, string prefix, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long last = -1;
        while (true)
        {
            if (job.Version != last)
            {
                last = job.Version;
                yield return new SseItem<JobView>(JobView.Of(job, prefix), "job") { EventId = last.ToString(CultureInfo.InvariantCulture) };
            }

            if (job.State.IsFinal())
                yield break;
            await Task.Delay(s_look, clock, cancellationToken).ConfigureAwait(false);
            job = await store.FindAsync(job.Tenant, job.Id, cancellationToken).ConfigureAwait(false) ?? job;
        }
    }

    private static async Task<IResult> ResultAsync(HttpContext http, IJobStore store, IArtifactLinks links, JobServiceOptions options, Guid id)
    {
        if (await store.FindAsync(Caller.Tenant(http), id, http.RequestAborted).ConfigureAwait(false) is not { } job)
            return Problems.NotFound();
        if (job.State != JobState.Done)
            return Problems.Of(409, "not-done", "The job has no result.", $"The job is {job.State.Word()}. Only a done job has a result.");
        return job.Result?.Artifact is { } name
            ? await RedirectAsync(http, links, options, name).ConfigureAwait(false)
            : Problems.Of(404, "no-result", "The job left no file.", "Look at the job's summary.");
    }

    private static async Task<IResult> FileAsync(HttpContext http, IJobStore store, IArtifactStore artifacts, IArtifactLinks links, JobServiceOptions options, Guid id, string? name)
    {
        string tenant = Caller.Tenant(http);
        if (name is null || !ArtifactName.BelongsTo(name, tenant) || !name.StartsWith($"{tenant}/{id:N}/", StringComparison.Ordinal)
            || await store.FindAsync(tenant, id, http.RequestAborted).ConfigureAwait(false) is null
            || await artifacts.FindAsync(name, http.RequestAborted).ConfigureAwait(false) is null)
        {
            return Problems.NotFound();
        }

        return await RedirectAsync(http, links, options, name).ConfigureAwait(false);
    }

    private static async Task<IResult> RedirectAsync(HttpContext http, IArtifactLinks links, JobServiceOptions options, string name)
    {
        Uri link = await links.CreateDownloadAsync(name, name[(name.LastIndexOf('/') + 1)..], options.LinkLife, http.RequestAborted).ConfigureAwait(false);
        return TypedResults.Redirect(link.IsAbsoluteUri ? link.AbsoluteUri : http.Request.PathBase + link.OriginalString, permanent: false, preserveMethod: true);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, IJobStore store, Guid id)
    {
        string tenant = Caller.Tenant(http);
        CancelOutcome outcome = await store.CancelAsync(tenant, id, http.RequestAborted).ConfigureAwait(false);
        if (outcome == CancelOutcome.NotFound || await store.FindAsync(tenant, id, http.RequestAborted).ConfigureAwait(false) is not { } job)
            return Problems.NotFound();
        return outcome == CancelOutcome.AlreadyEnded && job.State != JobState.Canceled
            ? Problems.Of(409, "ended", "The job has ended.", $"The job is {job.State.Word()}; there is nothing to cancel.")
            : TypedResults.Accepted($"{http.Request.PathBase}/jobs/{id:N}", JobView.Of(job, http.Request.PathBase));
    }

    private static async Task<IResult> RetryAsync(HttpContext http, IJobStore store, IJobQueue queue, JobServiceOptions options, Guid id)
    {
        if (await store.FindAsync(Caller.Tenant(http), id, http.RequestAborted).ConfigureAwait(false) is not { } job)
            return Problems.NotFound();
        if (job.State is not (JobState.Failed or JobState.Canceled))
            return Problems.Of(409, "not-ended", "The job cannot be retried.", $"The job is {job.State.Word()}. Only a failed or canceled job can be retried.");

        // One key per ended job: two clicks make one new job.
        JobSubmission again = new()
        {
            Tenant = job.Tenant,
            Kind = job.Kind,
            Payload = job.Payload,
            IdempotencyKey = $"retry-{job.Id:N}",
            Priority = job.Priority,
            MaxUnfinished = options.MaxUnfinishedJobs,
            MaxDeaths = job.MaxDeaths,
            MaxErrors = job.MaxErrors,
            NeedsSettlement = options.Settles(job.Kind),
            Checkpoint = job.Checkpoint,
            RetryOf = job.Id,
        };
        return await AcceptAsync(http, store, queue, again, options).ConfigureAwait(false);
    }

    private static async Task<IResult> UploadAsync(HttpContext http, IArtifactLinks links, JobServiceOptions options)
    {
        (UploadRequest? request, IResult? refusal) = await ReadAsync(http, JobJson.Default.UploadRequest).ConfigureAwait(false);
        if (request is null)
            return refusal!;
        if (request.Bytes is not { } bytes || bytes < 1 || bytes > options.MaxUploadBytes)
            return Problems.Of(400, "bad-request", "The upload is not acceptable.", $"bytes was {request.Bytes?.ToString(CultureInfo.InvariantCulture) ?? "missing"}. It must be 1 to {options.MaxUploadBytes:N0}.");
        string type = request.ContentType ?? "application/octet-stream";
        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out _) || type.Length > 100)
            return Problems.Of(400, "bad-request", "The upload is not acceptable.", "contentType is no media type.");
        try
        {
            if (request.FileName?.Contains('/', StringComparison.Ordinal) != false)
                return Problems.Of(400, "bad-request", "The upload is not acceptable.", "fileName must be a name without folders.");
            string name = ArtifactName.OfInput(Caller.Tenant(http), Guid.NewGuid(), request.FileName);
            Uri link = await links.CreateUploadAsync(name, type, bytes, options.LinkLife, http.RequestAborted).ConfigureAwait(false);
            return TypedResults.Created((string?)null, new UploadView(name, link.IsAbsoluteUri ? link.AbsoluteUri : http.Request.PathBase + link.OriginalString, type, bytes));
        }
        catch (ArgumentException error)
        {
            return Problems.Of(400, "bad-request", "The upload is not acceptable.", error.Message);
        }
    }

    // A form of another site can send text, but not JSON, without asking first: the media type is part of the defense.
    private static async Task<(T? Value, IResult? Refusal)> ReadAsync<T>(HttpContext http, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
            return (null, Problems.Of(415, "media-type", "The request is no JSON.", "Send it with Content-Type: application/json."));
        try
        {
            T? value = await http.Request.ReadFromJsonAsync(type, http.RequestAborted).ConfigureAwait(false);
            return value is null ? (null, Problems.Of(400, "bad-request", "The request cannot be read.", "It is null.")) : (value, null);
        }
        catch (JsonException error)
        {
            return (null, Problems.Of(400, "bad-request", "The request cannot be read.", error.Message));
        }
    }
}
