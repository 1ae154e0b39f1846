namespace Pipeline.Sync;

/// <summary>Who holds a lock or a permit, as far as it can be seen. For people and for the wait-for graph; it may be outdated when it is read.</summary>
/// <param name="Owner">The owner as messages show it, for example <c>job 41</c>.</param>
/// <param name="ProcessId">The operating system's number of its process.</param>
/// <param name="Lock">What is held, for example <c>filter-license/1</c>: permit 1 of that semaphore.</param>
/// <param name="Level">The rank of its level; null for a semaphore without a level.</param>
/// <param name="Site">Where it was acquired, for example <c>Resize.cs:88</c>.</param>
/// <param name="Since">When it was acquired; unless <see cref="IsSinceExact"/>, it was acquired then or earlier.</param>
public sealed record LockHolder(string Owner, int ProcessId, string Lock, int? Level, string Site, DateTimeOffset Since)
{
    /// <summary>Gets what the permit is used for, as the holder said.</summary>
    /// <value>Empty when the holder said nothing.</value>
    public string Purpose { get; init; } = "";

    /// <summary>Gets a value indicating whether <see cref="Since"/> is the time of the acquisition.</summary>
    /// <value>False for locks of this process that were free when they were acquired: the time is then the one at which a flow first had to wait for them or
    /// asked for their holder. Default true.</value>
    public bool IsSinceExact { get; init; } = true;

    /// <summary>Gets what tells owners apart across processes.</summary>
    internal string OwnerKey { get; init; } = "";

    /// <summary>Gets how many units of the resource this holder has.</summary>
    internal int Units { get; init; } = 1;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Owner} in process {ProcessId} holds {Lock} since {Since:yyyy-MM-dd HH:mm:ss}Z{(IsSinceExact ? "" : " or earlier")}, "
        + $"acquired at {Site}";

    internal static LockHolder Of(IAcquisition holder, string name, LockLevel? level, int units = 1)
    {
        (DateTimeOffset since, bool isExact) = holder.Holding;
        return new(holder.Owner.Label, ProcessIdentity.Id, name, level?.Rank, holder.Site.ToString(), since)
        {
            IsSinceExact = isExact,
            OwnerKey = holder.Owner.Key,
            Units = units,
        };
    }
}
