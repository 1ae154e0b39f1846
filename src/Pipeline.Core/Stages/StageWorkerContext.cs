namespace Pipeline.Core;

/// <summary>Tells a worker where it stands.</summary>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="StageName">The name of the stage.</param>
/// <param name="WorkerIndex">The worker's index within its stage, from 0.</param>
/// <param name="RunCancellation">Canceled when the run aborts.</param>
public sealed record StageWorkerContext(string PipelineName, string StageName, int WorkerIndex, CancellationToken RunCancellation);
