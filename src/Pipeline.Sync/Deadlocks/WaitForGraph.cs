namespace Pipeline.Sync;

/// <summary>Who waits for whom at one moment, in this process and, through the semaphores, in others. Names an actual deadlock.</summary>
/// <remarks>
/// <para>A circle alone is not a deadlock when a resource has several units: any holder outside the circle may give one back. So the graph is reduced first
/// (Holt 1972): owners that could finish are taken away with all they hold, again and again. Who remains can never go on.</para>
/// <para>The picture is not taken at one instant. Take it twice before acting on it, as the built-in watch does. An owner counts as one sequential flow: if
/// tasks that run side by side share a <see cref="LockOwner"/>, a circle may be reported that one of them would resolve.</para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class WaitForGraph
{
    internal WaitForGraph(IReadOnlyList<WaitForEdge> waits, IReadOnlyDictionary<string, WaitForResource> resources)
    {
        Waits = waits;
        Circle = WaitForReduction.FindCircle(waits, resources);
    }

    /// <summary>Gets all waits that are under way.</summary>
    public IReadOnlyList<WaitForEdge> Waits { get; }

    /// <summary>Gets the members of a circular wait, each waiting for something that the next one holds.</summary>
    /// <value>Empty when no owner is stuck.</value>
    public IReadOnlyList<WaitForEdge> Circle { get; }

    /// <summary>Gets a value indicating whether some waits can never end by themselves.</summary>
    public bool IsDeadlocked => Circle.Count != 0;

    /// <summary>Takes a picture of the waits of this process and of the semaphores under the directories that it has open.</summary>
    /// <returns>The graph.</returns>
    public static WaitForGraph Capture() => WaitForCapture.Run(SemaphoreFiles.OpenRoots, includeThisProcess: true);

    /// <summary>Takes a picture of the semaphores under a directory, from outside: for tools, while everything else is stuck.</summary>
    /// <param name="root">The directory under which the semaphores live.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static WaitForGraph Capture(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        return WaitForCapture.Run([Path.GetFullPath(root)], includeThisProcess: false);
    }

    /// <summary>Explains the circle: who holds, who wants, where the order was broken, and which of the four conditions of a deadlock hold.</summary>
    /// <returns>Several lines of text; one sentence when there is no circle.</returns>
    public string Explain() => WaitForText.Explain(Waits, Circle);

    /// <inheritdoc/>
    public override string ToString() => Explain();
}
