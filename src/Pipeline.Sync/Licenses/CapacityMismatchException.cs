using System.Globalization;

namespace Pipeline.Sync;

/// <summary>A semaphore exists with another capacity than the one asked for. Two builds of an application disagree; neither number is taken silently.</summary>
public sealed class CapacityMismatchException : InvalidOperationException
{
    internal CapacityMismatchException(string name, string directory, int existing, int requested)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"Semaphore '{name}' in '{directory}' has {existing} permits, but {requested} were asked for. ")
            + "All processes must ask for the same number. "
            + $"Ask for {existing}, or stop all processes that use it and delete the directory to start with {requested}.")
    {
        Existing = existing;
        Requested = requested;
    }

    /// <summary>Gets the capacity that the semaphore was created with.</summary>
    /// <value>Permits.</value>
    public int Existing { get; }

    /// <summary>Gets the capacity that the caller asked for.</summary>
    /// <value>Permits.</value>
    public int Requested { get; }
}
