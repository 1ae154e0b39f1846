namespace Pipeline.Core;

/// <summary>Thrown when an item that failed in a stage stopped the run; the original exception is the inner one.</summary>
public sealed class PipelineStageException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="PipelineStageException"/> class.</summary>
    /// <param name="stage">The stage that failed.</param>
    /// <param name="sequenceNumber">The item's number at the source, from 0.</param>
    /// <param name="item">The item as the stage got it; null after it was disposed.</param>
    /// <param name="attempt">The attempt that failed last, from 1.</param>
    /// <param name="innerException">What the stage threw.</param>
    public PipelineStageException(string stage, long sequenceNumber, object? item, int attempt, Exception innerException)
        : base($"Stage '{stage}' failed on item {sequenceNumber} (attempt {attempt}): {innerException?.Message}", innerException)
    {
        Stage = stage;
        SequenceNumber = sequenceNumber;
        Item = item;
        Attempt = attempt;
    }

    /// <summary>Gets the stage that failed.</summary>
    public string Stage { get; }

    /// <summary>Gets the item's number at the source, from 0.</summary>
    public long SequenceNumber { get; }

    /// <summary>Gets the item as the stage got it.</summary>
    public object? Item { get; }

    /// <summary>Gets the attempt that failed last, from 1.</summary>
    public int Attempt { get; }
}
