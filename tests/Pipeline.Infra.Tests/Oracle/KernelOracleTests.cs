namespace Pipeline.Infra.Tests;

/// <summary>
/// The sets of the product against real connections through namespaces with nftables. Skips without root. PIPELINE_INFRA_KERNEL sets the number of random
/// networks (default 5; the long form is 50).
/// </summary>
public sealed class KernelOracleTests
{
    private static readonly int s_networks = int.Parse(Environment.GetEnvironmentVariable("PIPELINE_INFRA_KERNEL") ?? "5");
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Connections_RandomNetworks_AgreeWithTheKernel()
    {
        Assert.SkipWhen(KernelNetwork.Missing() is not null, $"The kernel is not asked: {KernelNetwork.Missing()}");
        int asked = 0;
        int connected = 0;
        for (int seed = 1; seed <= s_networks; seed++)
        {
            TinyNetwork network = TinyGenerator.Make(new Random(seed));
            network.NatSubnets.Clear();
            foreach (List<TinyRoute> table in network.Tables)
                table.RemoveAll(route => route.Nat >= 0);
            InfraTemplate template = InfraTemplate.Parse($"seed-{seed}.yaml", TinyTemplate.Write(network));
            NetworkInterface[] items = [.. network.Interfaces.Select((_, i) => template.Network.Interfaces.Single(item => item.Resource.LogicalId == $"I{i}"))];
            (int a, int c) = await CompareAsync(network, template, items, $"seed {seed}", [22, 80, 443, 1023, 1024, 5432, 8080, 32768], [2000, 40000, 61000]);
            asked += a;
            connected += c;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} connections over {s_networks} networks, {connected} open, 0 differences");
        Assert.True(connected > 0 && connected < asked);
    }

    [Theory]
    [InlineData("securewallet", "")]
    [InlineData("booknook-v1", "")]
    [InlineData("booknook-v2", "")]
    [InlineData("pipeline-jobs", "ByFargate,KeepsWorkers,WithEndpoints")]
    public async Task Connections_ShippedTemplate_AgreeWithTheKernel(string name, string conditions)
    {
        Assert.SkipWhen(KernelNetwork.Missing() is not null, $"The kernel is not asked: {KernelNetwork.Missing()}");
        TinyNetwork network = TinyReader.Read(Repository.Template(name), conditions.Split(','));
        InfraTemplate template = InfraTemplate.Load([Repository.Template(name)]);
        NetworkInterface[] items = [.. network.Interfaces.Select(tiny => template.Network.Interfaces.Single(item => item.Name == tiny.Name))];
        (int asked, int connected) = await CompareAsync(network, template, items, name, [22, 80, 443, 5432, 6379, 8000, 8080, 8081, 8082], [50000]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {asked} connections, {connected} open, 0 differences");
        Assert.True(connected > 0 && connected < asked);
    }

    private static async Task<(int Asked, int Connected)> CompareAsync(TinyNetwork network, InfraTemplate template, NetworkInterface[] items, string name, int[] ports, int[] sourcePorts)
    {
        using KernelNetwork kernel = new(network);
        PathFinder finder = new(template.Network);
        List<(int From, int To, int SourcePort, int Port, bool Expected)> probes = new();
        // No source port is a destination port: a connection the other way would pass as the answer to this one.
        foreach (int sourcePort in sourcePorts)
        {
            for (int from = KernelNetwork.Internet; from < items.Length; from++)
            {
                for (int to = KernelNetwork.Internet; to < items.Length; to++)
                {
                    if (from == to || (from >= 0 && to == KernelNetwork.Internet && HasNat(template, items[from])))
                        continue;
                    foreach (int port in ports)
                    {
                        if (to < 0 || !items[to].IsListeningOnly || items[to].Listening!.Any(match => match.Box.DestinationPort.Contains((UInt128)port)))
                            probes.Add((from, to, sourcePort, port, Expect(finder, kernel, items, from, to, sourcePort, port)));
                    }
                }
            }
        }

        // One pair of addresses and ports at a time is one connection; different pairs run side by side.
        foreach ((int From, int To, int SourcePort, int Port, bool Expected)[] chunk in probes.Chunk(64))
        {
            bool[] results = await Task.WhenAll(chunk.Select(probe => kernel.ConnectAsync(probe.From, probe.To, probe.SourcePort, probe.Port, s_limit)));
            for (int i = 0; i < chunk.Length; i++)
            {
                (int From, int To, int SourcePort, int Port, bool Expected) probe = chunk[i];
                bool result = results[i];
                // A busy machine may be late; a closed port is never early.
                for (int again = 0; again < 3 && probe.Expected && !result; again++)
                    result = await kernel.ConnectAsync(probe.From, probe.To, probe.SourcePort, probe.Port, TimeSpan.FromSeconds(4));
                Assert.True(result == probe.Expected, $"{name}: {Name(items, probe.From)} port {probe.SourcePort} -> {Name(items, probe.To)} port {probe.Port}: the kernel says {(result ? "open" : "closed")}");
            }
        }

        return (probes.Count, probes.Count(probe => probe.Expected));
    }

    private static bool Expect(PathFinder finder, KernelNetwork kernel, NetworkInterface[] items, int from, int to, int sourcePort, int port)
    {
        Packet packet = new(Cidr.V4Start + kernel.AddressOf(from), Cidr.V4Start + kernel.AddressOf(to), 6, sourcePort, port);
        Party source = from < 0 ? Party.Internet : Party.Of(items[from]);
        Party target = to < 0 ? Party.Internet : Party.Of(items[to]);
        return finder.Find(source, target).Any(path => path.Via != PathVia.PublicAddress && path.Connects(must: true).Contains(packet));
    }

    private static bool HasNat(InfraTemplate template, NetworkInterface item) => template.Network.Nats.Count > 0 && item.Subnet.Table!.Routes.Exists(route => route.Nat is not null);

    private static string Name(NetworkInterface[] items, int index) => index < 0 ? "internet" : items[index].Name;
}
