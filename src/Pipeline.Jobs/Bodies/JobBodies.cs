namespace Pipeline.Jobs;

/// <summary>The kinds of jobs that a worker can run. Filled at start, read-only after.</summary>
public sealed class JobBodies
{
    private readonly Dictionary<string, IJobBody> _bodies = new(StringComparer.Ordinal);

    /// <summary>Gets the kinds.</summary>
    public IReadOnlyCollection<string> Kinds => _bodies.Keys;

    /// <summary>Adds a body.</summary>
    /// <param name="kind">The kind of jobs that it runs.</param>
    /// <param name="body">The body.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException">The kind is not allowed or has a body already.</exception>
    public JobBodies Add(string kind, IJobBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!JobLimits.IsName(kind))
            throw new ArgumentException($"The kind '{kind}' is not allowed. Use 1 to 64 characters of a-z, 0-9, '-', '_', '.', not starting with '.'.", nameof(kind));
        if (!_bodies.TryAdd(kind, body))
            throw new ArgumentException($"The kind '{kind}' has a body already. Give each kind one body.", nameof(kind));
        return this;
    }

    /// <summary>Adds a body that is a function.</summary>
    /// <param name="kind">The kind of jobs that it runs.</param>
    /// <param name="run">What <see cref="IJobBody.RunAsync"/> does.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException">The kind is not allowed or has a body already.</exception>
    public JobBodies Add(string kind, Func<JobContext, CancellationToken, ValueTask<JobResult>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Add(kind, new DelegateJobBody(run));
    }

    /// <summary>Finds the body of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The body, or null.</returns>
    public IJobBody? Find(string kind) => _bodies.GetValueOrDefault(kind);
}
