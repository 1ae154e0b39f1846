namespace Pipeline.Jobs.Imaging;

/// <summary>Runs photo jobs: uploaded photos in, renditions, a manifest and one ZIP file out.</summary>
/// <remarks>
/// Each finished photo is a checkpoint, so an attempt that takes over redoes only the photos that were under way. A photo that cannot be processed is listed
/// and passed over; a failure that is not a photo's, such as a full disk, is an error of the attempt. Charges are made after the job has ended, from its last
/// checkpoint: what was published is billed, once, whatever crashed in between.
/// </remarks>
public sealed class PhotoJobBody : IJobBody
{
    /// <summary>The kind under which this body is usually added.</summary>
    public const string Kind = "photos";

    private readonly BillingLedger? _ledger;
    private readonly string _scratch;
    private readonly Func<RunOptions> _options;

    /// <summary>Creates the body.</summary>
    /// <param name="scratch">A folder for copies of inputs while they are worked on; null for the system's.</param>
    /// <param name="ledger">Where photos are charged; null for no billing. The caller disposes it.</param>
    /// <param name="options">Makes the settings of a run; null for one photo per processor within half of the machine's memory.</param>
    public PhotoJobBody(string? scratch = null, BillingLedger? ledger = null, Func<RunOptions>? options = null)
    {
        _scratch = scratch ?? Path.Combine(Path.GetTempPath(), "pipeline-jobs");
        _ledger = ledger;
        _options = options ?? DefaultOptions;
    }

    /// <inheritdoc/>
    public bool NeedsSettlement => _ledger is not null;

    /// <inheritdoc/>
    public async ValueTask<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        PhotoJobPayload payload = context.ReadPayload(PhotoJobJson.Default.PhotoJobPayload);
        PhotoStages.Check(payload);
        string folder = Path.Combine(_scratch, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            PhotoRun run = new(context, payload, folder);
            await run.RunAsync(_options(), cancellationToken).ConfigureAwait(false);
            return await run.PublishAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(Job job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (_ledger is null)
            return;

        // A job that repeats another starts from its checkpoint: the photos in it carry the name of the job that made them, and are charged under it.
        foreach (FinishedPhoto photo in PhotoManifest.Of(job).Photos.Where(photo => photo.Outputs.Count > 0))
        {
            string maker = photo.Outputs[0].Artifact.Split('/')[1];
            await _ledger.ChargeAsync(ChargeKey.From(job.Tenant, maker, photo.Input, "develop", "1"), job.Tenant, 1).ConfigureAwait(false);
        }
    }

    private static RunOptions DefaultOptions()
    {
        int workers = Math.Clamp(Environment.ProcessorCount, 1, 1024);
        return new RunOptions { Workers = workers, MaxItemsInFlight = workers + 1, MemoryBudgetBytes = Math.Max(1L << 28, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2) };
    }
}
