using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Jobs;

/// <summary>What a body has to do with the world: its job, progress, checkpoints, artifacts.</summary>
/// <remarks>Thread-safe. Every write names the token of this attempt's lease, so an attempt that lost its lease changes nothing.</remarks>
public sealed class JobContext
{
    private readonly JobLease _lease;
    private readonly LeaseKeeper _keeper;
    private readonly IArtifactStore _artifacts;

    internal JobContext(JobLease lease, LeaseKeeper keeper, IArtifactStore artifacts, CancellationToken stopping)
    {
        _lease = lease;
        _keeper = keeper;
        _artifacts = artifacts;
        Stopping = stopping;
    }

    /// <summary>Gets the job as it was when this attempt began.</summary>
    public Job Job => _lease.Job;

    /// <summary>Gets the checkpoint to go on from; null to start anew.</summary>
    public string? Checkpoint => _lease.Job.Checkpoint;

    /// <summary>Gets a token that is canceled when the worker wants to stop. A body that can leave soon stores a checkpoint and calls <see cref="ThrowIfStopping"/>; others go on.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Reads the payload.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="type">How it is read.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="JobFailedException">The payload is not of that form; no repetition mends it.</exception>
    public T ReadPayload<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Job.Payload, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException error)
        {
            throw new JobFailedException(new JobProblem("payload-invalid", "The payload is not of the form that this kind of job needs.", error.Message), error);
        }
    }

    /// <summary>Reports progress, which keeps the lease alive. Cheap: call it as often as something was done, and only then.</summary>
    /// <param name="done">Items finished.</param>
    /// <param name="total">Items in all; null when unknown.</param>
    /// <param name="text">What is being worked on; null for nothing.</param>
    public void Report(long done, long? total = null, string? text = null) => _keeper.Report(new JobProgress(done, total, text));

    /// <summary>Stores where to go on from, durably, with the last progress.</summary>
    /// <param name="checkpoint">What the next attempt gets as <see cref="Checkpoint"/>, up to 1 MiB; it replaces the last one.</param>
    /// <param name="cancellationToken">The token of the attempt.</param>
    /// <returns>A task that ends when it is durable.</returns>
    /// <exception cref="ArgumentException">The checkpoint is too large.</exception>
    /// <exception cref="OperationCanceledException">The attempt is over: the lease was lost or the token canceled.</exception>
    public ValueTask CheckpointAsync(string checkpoint, CancellationToken cancellationToken) => _keeper.CheckpointAsync(checkpoint, cancellationToken);

    /// <summary>Stores an artifact under a name of this attempt's own.</summary>
    /// <param name="file">The rest of the name, for example <c>photos/a_256.jpg</c>.</param>
    /// <param name="content">The bytes. Reading them counts as progress.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="cancellationToken">The token of the attempt.</param>
    /// <returns>What was stored; its full name belongs into a checkpoint or the result.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    /// <exception cref="IOException">The store failed, or the attempt has stored this name before.</exception>
    public async ValueTask<ArtifactInfo> PutAsync(string file, Stream content, string contentType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        string name = ArtifactName.OfResult(_lease, file);
        using WatchedStream watched = new(content, _keeper.Beat);
        return await _artifacts.PutAsync(name, watched, contentType, null, cancellationToken).ConfigureAwait(false)
            ?? throw new IOException($"This attempt has stored '{file}' before. Give each artifact of an attempt its own name.");
    }

    /// <summary>Opens an artifact of the job's tenant: an input, or one that an earlier attempt stored.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="cancellationToken">The token of the attempt.</param>
    /// <returns>The stream, which the caller disposes. Reading it counts as progress.</returns>
    /// <exception cref="JobFailedException">There is no such artifact, or it is another tenant's; no repetition mends it.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    public async ValueTask<Stream> OpenReadAsync(string name, CancellationToken cancellationToken)
    {
        // Another tenant's artifact is as absent as one that never was, so a payload cannot be used to ask.
        Stream? stream = ArtifactName.BelongsTo(name, Job.Tenant) ? await _artifacts.OpenReadAsync(name, cancellationToken).ConfigureAwait(false) : null;
        return stream is null
            ? throw new JobFailedException(new JobProblem("artifact-missing", "An artifact that the job needs is not there.", $"There is no artifact '{JobLimits.Cut(name, 200)}'. Upload it before the job is submitted."))
            : new WatchedStream(stream, _keeper.Beat, ownsInner: true);
    }

    /// <summary>Leaves the attempt when the worker wants to stop. Nothing is counted against the job.</summary>
    /// <exception cref="OperationCanceledException">The worker wants to stop.</exception>
    public void ThrowIfStopping() => Stopping.ThrowIfCancellationRequested();
}
