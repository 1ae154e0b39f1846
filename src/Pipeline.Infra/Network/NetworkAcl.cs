namespace Pipeline.Infra;

/// <summary>The ordered rules at the border of subnets. Stateless: the answer to a packet is judged like any other.</summary>
internal sealed class NetworkAcl
{
    internal required string Name { get; init; }

    internal required Location At { get; init; }

    internal List<AclEntry> Entries { get; } = [];

    internal static NetworkAcl CreateDefault(string name, Location at)
    {
        NetworkAcl acl = new() { Name = name, At = at };
        foreach (bool isEgress in (bool[])[false, true])
        {
            acl.Entries.Add(new AclEntry { At = at, Number = 100, IsEgress = isEgress, IsAllow = true, Block = Cidr.Parse("0.0.0.0/0"), Match = PortMatch.All });
            acl.Entries.Add(new AclEntry { At = at, Number = 101, IsEgress = isEgress, IsAllow = true, Block = Cidr.Parse("::/0"), Match = PortMatch.All });
        }

        return acl;
    }

    public override string ToString() => $"ACL {Name} ({At})";
}
