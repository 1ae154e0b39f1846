namespace Pipeline.Jobs;

internal sealed class DelegateJobBody(Func<JobContext, CancellationToken, ValueTask<JobResult>> run) : IJobBody
{
    public ValueTask<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
}
