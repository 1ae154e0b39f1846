namespace Pipeline.Hosting;

/// <summary>Thrown when a hosted pipeline takes no items: it has not started, it drains for shutdown, or its run has ended. The item was not taken.</summary>
/// <remarks>Answer it with HTTP 503 or put the item back; another instance of the service can take it.</remarks>
public sealed class PipelineClosedException : InvalidOperationException
{
    /// <summary>Initializes a new instance of the <see cref="PipelineClosedException"/> class.</summary>
    /// <param name="pipelineName">The pipeline.</param>
    /// <param name="reason">Why it takes no items, as the end of a sentence that begins with the pipeline.</param>
    /// <param name="innerException">What the run threw; null when it has not started.</param>
    public PipelineClosedException(string pipelineName, string reason, Exception? innerException)
        : base($"Pipeline '{pipelineName}' takes no items: it {reason}. The item was not taken. Offer it to an instance that is ready.",
            innerException) =>
        PipelineName = pipelineName;

    /// <summary>Gets the pipeline.</summary>
    public string PipelineName { get; }
}
