using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Jobs;

/// <summary>Runs a staged pipeline as a job: items that an earlier attempt finished are passed over, progress is the pipeline's, each result is a checkpoint.</summary>
/// <typeparam name="TIn">The items.</typeparam>
/// <typeparam name="TOut">The results.</typeparam>
/// <remarks>The keys of finished items are kept in the checkpoint, which holds 1 MiB: enough for some 20,000 keys of 50 characters.</remarks>
public sealed class PipelineJobBody<TIn, TOut> : IJobBody
{
    private readonly StagedPipeline<TIn, TOut> _pipeline;
    private readonly Func<JobContext, IReadOnlyCollection<TIn>> _source;
    private readonly Func<TIn, string> _keyOfItem;
    private readonly Func<TOut, string> _keyOfResult;
    private readonly Func<JobContext, TOut, CancellationToken, ValueTask> _sink;

    /// <summary>Creates the body.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="source">Gives the items of a job, the same at every attempt.</param>
    /// <param name="keyOfItem">Gives the key of an item; no two items of a job share one.</param>
    /// <param name="keyOfResult">Gives the key of the item that a result came from.</param>
    /// <param name="sink">Takes a result, for example stores it as an artifact. It is called again for a result whose checkpoint was lost in a crash.</param>
    public PipelineJobBody(
        StagedPipeline<TIn, TOut> pipeline,
        Func<JobContext, IReadOnlyCollection<TIn>> source,
        Func<TIn, string> keyOfItem,
        Func<TOut, string> keyOfResult,
        Func<JobContext, TOut, CancellationToken, ValueTask> sink)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(keyOfItem);
        ArgumentNullException.ThrowIfNull(keyOfResult);
        ArgumentNullException.ThrowIfNull(sink);
        (_pipeline, _source, _keyOfItem, _keyOfResult, _sink) = (pipeline, source, keyOfItem, keyOfResult, sink);
    }

    /// <summary>Gets or sets the settings of the runs; copied for each.</summary>
    /// <value>Default: those of the pipeline's own runs.</value>
    public Func<RunOptions> Options { get; set; } = () => new RunOptions();

    /// <inheritdoc/>
    public async ValueTask<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        SortedSet<string> finished = context.Checkpoint is { } checkpoint
            ? new SortedSet<string>(JsonSerializer.Deserialize(checkpoint, JobTextJson.Default.StringArray)!, StringComparer.Ordinal)
            : new SortedSet<string>(StringComparer.Ordinal);
        IReadOnlyCollection<TIn> items = _source(context);
        TIn[] left = [.. items.Where(item => !finished.Contains(_keyOfItem(item)))];
        try
        {
            await _pipeline.RunAsync(left, Take, Options(), cancellationToken).ConfigureAwait(false);
        }
        catch (PipelineStageException error) when (error.InnerException is { } cause)
        {
            // The job's problem is the item's: the policy of retries judges what the stage threw, not how it came here.
            throw cause is JobFailedException ? cause : new JobItemException(error.Message, cause);
        }

        return JobResult.None;

        async ValueTask Take(TOut result, CancellationToken token)
        {
            await _sink(context, result, token).ConfigureAwait(false);
            finished.Add(_keyOfResult(result));
            context.Report(finished.Count, items.Count, _keyOfResult(result));
            await context.CheckpointAsync(JsonSerializer.Serialize([.. finished], JobTextJson.Default.StringArray), token).ConfigureAwait(false);
        }
    }
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class JobTextJson : JsonSerializerContext;
