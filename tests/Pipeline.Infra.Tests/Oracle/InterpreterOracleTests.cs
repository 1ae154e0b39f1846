using FsCheck.Xunit;

namespace Pipeline.Infra.Tests;

/// <summary>
/// The sets of the product against an interpreter that follows one packet at a time over a model of its own. PIPELINE_INFRA_PACKETS sets how many packets
/// are asked in all (default 10,000; the long form is 100,000).
/// </summary>
public sealed class InterpreterOracleTests
{
    private const int PacketsPerNetwork = 250;
    private static readonly int s_networks = int.Parse(Environment.GetEnvironmentVariable("PIPELINE_INFRA_PACKETS") ?? "10000") / PacketsPerNetwork;
    private static int s_asked;
    private static int s_arrived;
    private static int s_connected;

    [Fact]
    public void Sets_RandomNetworks_AgreeWithPackets()
    {
        int asked = 0;
        int arrived = 0;
        int connected = 0;
        int seed = int.Parse(Environment.GetEnvironmentVariable("PIPELINE_INFRA_SEED") ?? "20261201");
        for (int n = 0; n < s_networks; n++)
            CompareNetwork(seed + n, ref asked, ref arrived, ref connected);
        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} packets over {s_networks} networks: {arrived} arrive, {connected} connect, 0 differences");
        // An oracle that always says no would agree with a prover that always says no.
        Assert.True(arrived > asked / 20 && connected > asked / 40 && arrived < asked, $"{asked} asked, {arrived} arrive, {connected} connect");
    }

    [Property(MaxTest = 5)]
    public void Sets_AnySeed_AgreeWithPackets(int seed) => CompareNetwork(seed, ref s_asked, ref s_arrived, ref s_connected);

    private static void CompareNetwork(int seed, ref int asked, ref int arrived, ref int connected)
    {
        Random random = new(seed);
        TinyNetwork network = TinyGenerator.Make(random);
        TinyInterpreter interpreter = new(network);
        string text = TinyTemplate.Write(network);
        InfraTemplate template = InfraTemplate.Parse($"seed-{seed}.yaml", text);
        Assert.Empty(template.GlobalGaps);
        PathFinder finder = new(template.Network);
        NetworkInterface[] items = [.. network.Interfaces.Select((_, i) => template.Network.Interfaces.Single(item => item.Resource.LogicalId == $"I{i}"))];
        for (int p = 0; p < PacketsPerNetwork; p++)
        {
            int from = random.Next(-1, items.Length);
            int to = random.Next(-1, items.Length);
            if (from == to)
                continue;
            TinyInterface? source = from < 0 ? null : network.Interfaces[from];
            TinyInterface? target = to < 0 ? null : network.Interfaces[to];
            TinyPacket packet = TinyGenerator.MakePacket(random, source is null ? TinyGenerator.InternetAddress(random) : interpreter.AddressOf(source), target is null ? TinyGenerator.InternetAddress(random) : interpreter.AddressOf(target));
            (bool arrives, bool connects) = Ask(interpreter, source, target, packet);
            asked++;
            arrived += arrives ? 1 : 0;
            connected += connects ? 1 : 0;

            // The other way, by public addresses, is judged by quantifying over addresses that nobody knows; the kernel and hand-written tests look at it.
            FlowPath[] paths = [.. finder.Find(from < 0 ? Party.Internet : Party.Of(items[from]), to < 0 ? Party.Internet : Party.Of(items[to])).Where(path => path.Via != PathVia.PublicAddress)];
            Packet asPacket = new(Cidr.V4Start + packet.Source, Cidr.V4Start + packet.Destination, packet.Protocol, packet.SourcePort, packet.DestinationPort);
            Compare(paths, asPacket, arrives, connects, seed, text);
        }
    }

    private static (bool Arrives, bool Connects) Ask(TinyInterpreter interpreter, TinyInterface? source, TinyInterface? target, TinyPacket packet)
    {
        bool arrives = (source, target) switch
        {
            ({ } a, { } b) => interpreter.Arrives(a, b, packet),
            (null, { } b) => interpreter.ArrivesFromInternet(b, packet),
            ({ } a, null) => interpreter.ArrivesAtInternet(a, packet),
            _ => false,
        };
        if (!arrives)
            return (false, false);
        bool answered = (source, target) switch
        {
            ({ } a, { } b) => interpreter.Answered(a, b, packet),
            (null, { } b) => interpreter.AnsweredToInternet(b, packet),
            ({ } a, null) => interpreter.AnsweredFromInternet(a, packet),
            _ => false,
        };
        return (true, answered);
    }

    private static void Compare(FlowPath[] paths, Packet packet, bool arrives, bool connects, int seed, string text)
    {
        foreach (bool must in (bool[])[false, true])
        {
            bool a = paths.Any(path => path.Arrives(must).Contains(packet));
            bool c = paths.Any(path => path.Connects(must).Contains(packet));
            Assert.True(a == arrives && c == connects, $"seed {seed}, {packet}: the interpreter says arrives {arrives}, connects {connects}; the sets ({(must ? "must" : "may")}) say {a}, {c}\n{text}");
        }
    }
}
