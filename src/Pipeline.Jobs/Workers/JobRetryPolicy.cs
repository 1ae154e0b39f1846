namespace Pipeline.Jobs;

/// <summary>Decides whether an exception of a body is worth another attempt, and when.</summary>
public sealed class JobRetryPolicy
{
    /// <summary>Gets or sets the wait after the first error; it doubles with each further one.</summary>
    /// <value>0 to 1 day; default 2 s.</value>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the longest wait.</summary>
    /// <value>0 to 30 days; default 10 minutes.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets which exceptions are worth another attempt.</summary>
    /// <value>
    /// Default: all except <see cref="ArgumentException"/>, <see cref="NotSupportedException"/>, <see cref="InvalidDataException"/> and <see cref="FormatException"/>, which the
    /// same input brings about again. <see cref="JobFailedException"/> is never repeated.
    /// </value>
    public Func<Exception, bool> IsWorthRepeating { get; set; } = error => error is not (ArgumentException or NotSupportedException or InvalidDataException or FormatException);

    /// <summary>Says how the attempt ends.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="errors">The errors of earlier attempts.</param>
    /// <returns>Failed for good, or an error with the wait until the next attempt: half of the doubled delay to all of it, at random, so that jobs that failed together do not come back together.</returns>
    public JobEnding Decide(Exception error, int errors)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error is JobFailedException failed)
            return JobEnding.Failed(failed.Problem);
        JobProblem problem = new(JobProblem.BodyFailed, $"The job's body threw {error.GetType().Name}.", error.Message);
        if (!IsWorthRepeating(error))
            return JobEnding.Failed(problem);
        double doubled = FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(errors, 40));
        double seconds = Math.Min(doubled, MaxDelay.TotalSeconds) * (0.5 + (Random.Shared.NextDouble() / 2));
        return JobEnding.Error(problem, TimeSpan.FromSeconds(seconds));
    }
}
