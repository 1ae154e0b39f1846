namespace Pipeline.Jobs;

/// <summary>A store that can tell when there may be something to lease, so that an idle worker starts at once and not at its next look.</summary>
public interface IJobStoreSignal
{
    /// <summary>Gets a task that ends with the next change that may make a job ready. Ask for it before looking, wait for it after.</summary>
    /// <remarks>The signal may come without a reason, and may be missing when a connection is lost: look again after a while all the same.</remarks>
    Task WhenChanged { get; }
}
