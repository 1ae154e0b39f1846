namespace Pipeline.Infra.Tests;

/// <summary>Makes random networks in which about half of all packets pass each control, so that both answers are met.</summary>
internal static class TinyGenerator
{
    private static readonly string[] s_blocks = ["0.0.0.0/0", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/23", "10.0.1.16/28", "203.0.113.0/24", "128.0.0.0/1", "0.0.0.0/1"];
    private static readonly int[] s_ports = [0, 22, 23, 80, 443, 1023, 1024, 5432, 8080, 32768, 49152, 60999, 65535];

    internal static TinyNetwork Make(Random random)
    {
        TinyNetwork network = new() { HasInternetGateway = random.Next(5) > 0 };
        int tables = random.Next(1, 4);
        int acls = random.Next(1, 4);
        int subnets = random.Next(2, 5);
        for (int s = 0; s < subnets; s++)
            network.Subnets.Add(new TinySubnet($"10.0.{s}.0/24", random.Next(-1, tables), random.Next(-1, acls)));
        if (network.HasInternetGateway)
        {
            for (int n = random.Next(3); n > 0; n--)
                network.NatSubnets.Add(random.Next(subnets));
        }

        for (int t = 0; t < tables; t++)
            network.Tables.Add(MakeTable(random, network));
        for (int a = 0; a < acls; a++)
            network.Acls.Add(MakeAcl(random));
        int groups = random.Next(1, 5);
        for (int g = 0; g < groups; g++)
        {
            TinyGroup group = new();
            for (int r = random.Next(4); r > 0; r--)
                group.Ingress.Add(MakeRule(random, groups));
            for (int r = random.Next(3); r > 0; r--)
                group.Egress.Add(MakeRule(random, groups));
            network.Groups.Add(group);
        }

        int interfaces = random.Next(3, 7);
        for (int i = 0; i < interfaces; i++)
        {
            int[] carried = [.. Enumerable.Range(0, groups).Where(_ => random.Next(groups) == 0)];
            network.Interfaces.Add(new TinyInterface(random.Next(subnets), 10 + i, carried, random.Next(2) == 0));
        }

        return network;
    }

    internal static TinyPacket MakePacket(Random random, uint source, uint destination)
    {
        int protocol = random.Next(10) switch { < 5 => 6, < 7 => 17, < 9 => 1, _ => 47 };
        return protocol switch
        {
            6 or 17 => new TinyPacket(source, destination, protocol, Port(random), Port(random)),
            1 => new TinyPacket(source, destination, 1, 0, random.Next(3) switch { 0 => 0, 1 => 2048, _ => 3 * 256 }),
            _ => new TinyPacket(source, destination, 47, 0, 0),
        };
    }

    internal static uint InternetAddress(Random random) => random.Next(3) switch
    {
        0 => TinyInterpreter.Address(203, 0, 113, random.Next(256)),
        1 => TinyInterpreter.Address(8, 8, random.Next(256), 8),
        _ => TinyInterpreter.Address(128 + random.Next(40), 1, 2, random.Next(256)),
    };

    private static List<TinyRoute> MakeTable(Random random, TinyNetwork network)
    {
        List<TinyRoute> routes = new();
        if (!network.HasInternetGateway)
            return routes;
        foreach (string block in (string[])["0.0.0.0/0", "128.0.0.0/1", "203.0.113.0/24"])
        {
            if (random.Next(block == "0.0.0.0/0" ? 4 : 2) > 0)
                routes.Add(new TinyRoute(block, random.Next(-1, network.NatSubnets.Count)));
        }

        return routes;
    }

    private static List<TinyAclEntry> MakeAcl(Random random)
    {
        List<TinyAclEntry> entries = new();
        foreach (bool egress in (bool[])[false, true])
        {
            int number = 0;
            for (int e = random.Next(6); e > 0; e--)
            {
                (int protocol, int first, int last) = MakePorts(random);
                entries.Add(new TinyAclEntry(number += random.Next(1, 50), egress, random.Next(3) > 0, protocol, first, last, s_blocks[random.Next(s_blocks.Length)]));
            }
        }

        // The order in the template must not matter.
        return [.. entries.OrderBy(_ => random.Next())];
    }

    private static TinyRule MakeRule(Random random, int groups)
    {
        (int protocol, int first, int last) = MakePorts(random);
        return random.Next(2) == 0 ? new TinyRule(protocol, first, last, s_blocks[random.Next(s_blocks.Length)], -1) : new TinyRule(protocol, first, last, null, random.Next(groups));
    }

    private static (int Protocol, int First, int Last) MakePorts(Random random)
    {
        int protocol = random.Next(8) switch { 0 or 1 => -1, 2 => 17, 3 => 1, 4 => 47, _ => 6 };
        int first = s_ports[random.Next(s_ports.Length)];
        int last = s_ports[random.Next(s_ports.Length)];
        return (protocol, Math.Min(first, last), Math.Max(first, last));
    }

    private static int Port(Random random) => random.Next(4) == 0 ? random.Next(65536) : Math.Clamp(s_ports[random.Next(s_ports.Length)] + random.Next(-1, 2), 0, 65535);
}
