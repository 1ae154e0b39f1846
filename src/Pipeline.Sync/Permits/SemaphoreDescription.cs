using System.Text;

namespace Pipeline.Sync;

/// <summary>What a semaphore looked like when it was described: who holds which permit, and who waits.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Directory">Where its files are.</param>
/// <param name="Capacity">How many permits it has.</param>
/// <param name="Permits">One entry per permit.</param>
/// <param name="Waiting">Who waits for a permit, longest first.</param>
public sealed record SemaphoreDescription(
    string Name, string Directory, int Capacity, IReadOnlyList<PermitDescription> Permits, IReadOnlyList<WaiterDescription> Waiting)
{
    /// <summary>Gets how many permits are held.</summary>
    public int Held => Permits.Count(permit => permit.IsHeld);

    /// <summary>Lists the permits and the waiters, one per line.</summary>
    /// <returns>Several lines of text.</returns>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append($"{Name}: {Held} of {Capacity} held, {Waiting.Count} waiting ({Directory})");
        foreach (PermitDescription permit in Permits)
            text.AppendLine().Append("  ").Append(permit);
        foreach (WaiterDescription waiter in Waiting)
            text.AppendLine().Append("  ").Append(waiter);
        return text.ToString();
    }
}
