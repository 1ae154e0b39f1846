using System.Globalization;

namespace Pipeline.Sync;

/// <summary>A place in the one order in which locks are taken. Define all levels of an application in one static class.</summary>
/// <remarks>
/// <para>Locks are always taken at rising levels, so no circle of waiting flows can close: the one with the highest lock waits for none below it.</para>
/// <para>Immutable and thread-safe. Levels of different domains (say, of two libraries) are ordered by the name of the domain.</para>
/// <para>Locking: the table of levels is guarded by <c>s_gate</c>; a level itself never changes.</para>
/// </remarks>
public sealed class LockLevel
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<(string Domain, int Rank), LockLevel> s_levels = []; // guarded by s_gate

    private LockLevel(string name, int rank, string domain)
    {
        Name = name;
        Rank = rank;
        Domain = domain;
    }

    /// <summary>Gets the name that messages show.</summary>
    public string Name { get; }

    /// <summary>Gets the rank: locks with a lower rank are taken first.</summary>
    public int Rank { get; }

    /// <summary>Gets the name space of the rank.</summary>
    /// <value>Empty for the application's own levels.</value>
    public string Domain { get; }

    /// <summary>Defines a level of the application.</summary>
    /// <param name="name">What is locked at this level, for messages.</param>
    /// <param name="rank">Any number, unique in the domain; lower ranks are taken first. Leave gaps (10, 20, 30).</param>
    /// <returns>The level; the same object when the same name and rank were defined before.</returns>
    /// <exception cref="ArgumentException">The rank belongs to a level of another name.</exception>
    public static LockLevel Define(string name, int rank) => Define(name, rank, "");

    /// <summary>Defines a level in a domain of its own, for a library that cannot know the ranks of the application.</summary>
    /// <param name="name">What is locked at this level, for messages.</param>
    /// <param name="rank">Any number, unique in the domain; lower ranks are taken first.</param>
    /// <param name="domain">The domain; compared by ordinal characters.</param>
    /// <returns>The level; the same object when the same name, rank and domain were defined before.</returns>
    /// <exception cref="ArgumentException">The rank belongs to a level of another name.</exception>
    public static LockLevel Define(string name, int rank, string domain)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(domain);
        lock (s_gate)
        {
            if (!s_levels.TryGetValue((domain, rank), out LockLevel? level))
                s_levels.Add((domain, rank), level = new LockLevel(name, rank, domain));
            if (level.Name != name)
            {
                throw new ArgumentException(
                    $"Lock level '{name}' was given rank {rank.ToString(CultureInfo.InvariantCulture)}, "
                    + $"which belongs to level '{level.Name}'. "
                    + "Ranks are unique within a domain. Choose a free rank.", nameof(rank));
            }

            return level;
        }
    }

    /// <summary>Compares the places of two levels in the order.</summary>
    /// <param name="other">The other level.</param>
    /// <returns>Negative when locks of this level are taken first, zero for the same level, positive otherwise.</returns>
    public int CompareTo(LockLevel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int byDomain = ReferenceEquals(Domain, other.Domain) ? 0 : string.CompareOrdinal(Domain, other.Domain);
        return byDomain != 0 ? byDomain : Rank.CompareTo(other.Rank);
    }

    /// <inheritdoc/>
    public override string ToString() => Domain.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Name} ({Rank})")
        : string.Create(CultureInfo.InvariantCulture, $"{Domain}: {Name} ({Rank})");
}
