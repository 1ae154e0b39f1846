using System.Globalization;

namespace Pipeline.Jobs.Storm;

/// <summary>Work in steps with a checkpoint after each. Some jobs hang at their first attempt, deaf to every token; some fail for good at the very end.</summary>
internal sealed class StormBody(string folder, StormLog log, BillingLedger ledger, Mutation mutation) : IJobBody
{
    public const int Steps = 5;

    public bool NeedsSettlement => true;

    public async ValueTask<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        int number = int.Parse(context.Job.Payload, CultureInfo.InvariantCulture);
        using Timer? timer = mutation == Mutation.HeartbeatByTimer ? new Timer(_ => context.Report(0), null, 100, 100) : null;
        for (int step = int.Parse(context.Checkpoint ?? "0", CultureInfo.InvariantCulture); step < Steps; step++)
        {
            if (number % 20 == 7 && step == 2 && FirstHang(context.Job.Id))
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            log.Write("step", context.Job.Id, step.ToString(CultureInfo.InvariantCulture));
            await Task.Delay(40, cancellationToken);
            context.Report(step + 1, Steps, $"step {step}");
            await context.CheckpointAsync((step + 1).ToString(CultureInfo.InvariantCulture), cancellationToken);
        }

        ArtifactInfo stored = await context.PutAsync("result.txt", new MemoryStream("result"u8.ToArray()), "text/plain", cancellationToken);
        if (mutation == Mutation.ChargeBeforeCommit)
            await ledger.ChargeAsync(KeyOf(context.Job), context.Job.Tenant, 1);
        if (number % 20 == 13)
            throw new JobFailedException(new JobProblem("bad-luck", "This job fails at its end.", $"number {number}"));
        return new JobResult(stored.Name, null);
    }

    public async ValueTask SettleAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.State == JobState.Done)
            await ledger.ChargeAsync(KeyOf(job), job.Tenant, 1);
    }

    public static ChargeKey KeyOf(Job job) => ChargeKey.From(job.Tenant, job.Id.ToString("N"), "all", "storm", "1");

    private bool FirstHang(Guid job)
    {
        try
        {
            using FileStream once = new(Path.Combine(folder, $"hung-{job:N}"), FileMode.CreateNew);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
