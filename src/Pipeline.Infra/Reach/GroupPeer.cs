namespace Pipeline.Infra;

/// <summary>Whom a group sees on the far side: an interface by its private address, or something else.</summary>
internal readonly record struct GroupPeer(NetworkInterface? Interface, string? Service)
{
    internal static readonly GroupPeer Internet;

    internal string Describe() => Interface is { } item
        ? item.Groups.Count == 0 ? item.Name : $"{item.Name} (group {string.Join(", ", item.Groups.Select(group => group.Name))})"
        : Service ?? "the internet";
}
