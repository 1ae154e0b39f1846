namespace Pipeline.Infra;

/// <summary>One numbered rule of a network ACL.</summary>
internal sealed class AclEntry
{
    internal const int LastNumber = 32767;

    internal required Location At { get; init; }

    /// <summary>Gets or sets the number that orders the entries; null when it is not known.</summary>
    internal required int? Number { get; set; }

    internal required bool IsEgress { get; init; }

    /// <summary>Gets or sets whether matching packets pass; null when it is not known.</summary>
    internal required bool? IsAllow { get; set; }

    /// <summary>Gets or sets the addresses on the far side; null when they are not known.</summary>
    internal required Cidr? Block { get; set; }

    internal required PortMatch Match { get; set; }

    /// <summary>Gets or sets why a part of the entry, or its existence, is not known.</summary>
    internal Gap? Gap { get; set; }

    internal AclEntry Copy() => (AclEntry)MemberwiseClone();
}
