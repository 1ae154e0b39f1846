namespace Pipeline.Hosting;

/// <summary>Settings of a pipeline that a host runs. They are checked when the host starts.</summary>
/// <remarks>One set per pipeline, under the pipeline's name. Read once, at the start.</remarks>
public sealed class HostedPipelineOptions
{
    /// <summary>Gets the settings of the run.</summary>
    /// <value>The defaults of <see cref="RunOptions"/>, except that the report keeps the first 1,000 failures, because the run may last for months.</value>
    public RunOptions Run { get; } = new() { MaxReportedFailures = 1000 };

    /// <summary>Gets or sets how long items are still taken after readiness turned off at shutdown, so that who sends them can learn of it first.</summary>
    /// <value>0 to 10 minutes; default zero. Part of the host's shutdown time-out, which must be longer.</value>
    public TimeSpan ReadinessDelay { get; set; }

    /// <summary>Gets or sets how long running bodies are waited for after a drain that did not end within the host's shutdown time-out was aborted.</summary>
    /// <value>0 to 10 minutes; default 5 seconds. Bodies that obey their token end at once.</value>
    public TimeSpan AbortTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets a value indicating whether the host stops when the run faults.</summary>
    /// <value>Default true. When false, the service goes on without this pipeline: readiness is off and writing throws.</value>
    public bool StopHostOnFault { get; set; } = true;

    /// <summary>Gets or sets the exit code of the process after a run that faulted, or that left items unfinished at shutdown.</summary>
    /// <value>1 to 255; default 1. Set as <see cref="Environment.ExitCode"/>, so a <c>Main</c> that returns a number of its own overrides it.</value>
    public int FailureExitCode { get; set; } = 1;
}
