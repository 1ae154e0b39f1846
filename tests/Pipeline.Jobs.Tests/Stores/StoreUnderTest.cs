using Microsoft.Extensions.Time.Testing;

namespace Pipeline.Jobs.Tests;

/// <summary>A store on a clock that stands still, and what is needed to open it again.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    public abstract IJobStore Store { get; }

    /// <summary>Opens the same data as another process would.</summary>
    public abstract IJobStore OpenAgain();

    public abstract ValueTask DisposeAsync();

    public static JobSubmission Submission(string tenant = "acme", string payload = "{}", string? key = null, int priority = 0) =>
        new() { Tenant = tenant, Kind = "count", Payload = payload, IdempotencyKey = key, Priority = priority };

    public static LeaseRequest Request(string worker = "w1", Guid? job = null) => new() { Worker = worker, Kinds = ["count"], Duration = TimeSpan.FromSeconds(60), Job = job };

    public async Task<Job> SubmitAsync(JobSubmission? submission = null) => (await Store.SubmitAsync(submission ?? Submission(), default)).Job!;

    public async Task<JobLease> LeaseAsync(string worker = "w1") => await Store.LeaseAsync(Request(worker), default) ?? throw new InvalidOperationException("Nothing to lease.");

    public async Task<Job> FindAsync(Job job) => await Store.FindAsync(job.Tenant, job.Id, default) ?? throw new InvalidOperationException("The job is lost.");
}
