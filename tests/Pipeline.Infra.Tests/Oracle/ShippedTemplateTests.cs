namespace Pipeline.Infra.Tests;

/// <summary>The shipped templates, read by another reader and followed packet by packet: every pair of interfaces, every port that a rule names and its neighbors.</summary>
public sealed class ShippedTemplateTests
{
    public static TheoryData<string, string, string> Templates => new()
    {
        { "securewallet", "", "" },
        { "booknook-v1", "", "" },
        { "booknook-v2", "", "" },
        { "pipeline-jobs", "WorkerStrategy=fargate", "ByFargate,KeepsWorkers,WithEndpoints" },
        { "pipeline-jobs", "WorkerStrategy=machines", "ByMachines,KeepsWorkers,WithEndpoints" },
        { "pipeline-jobs", "WorkerStrategy=once,UseInterfaceEndpoints=false", "" },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public void Sets_ShippedTemplate_AgreeWithPackets(string name, string parameters, string conditions)
    {
        TemplateOptions options = new();
        foreach (string[] pair in parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=')))
            options.Parameters[pair[0]] = pair[1];
        InfraTemplate template = InfraTemplate.Load([Repository.Template(name)], options);
        Assert.Empty(template.GlobalGaps);
        TinyNetwork network = TinyReader.Read(Repository.Template(name), conditions.Split(','));
        TinyInterpreter interpreter = new(network);
        PathFinder finder = new(template.Network);
        Assert.Equal(template.Network.Interfaces.Select(item => item.Name).Order(StringComparer.Ordinal), network.Interfaces.Select(item => item.Name).Order(StringComparer.Ordinal));
        int[] ports = [.. network.Acls.SelectMany(acl => acl).SelectMany(entry => new[] { entry.First - 1, entry.First, entry.Last, entry.Last + 1 })
            .Concat(network.Groups.SelectMany(group => group.Ingress.Concat(group.Egress)).SelectMany(rule => new[] { rule.First - 1, rule.First, rule.Last, rule.Last + 1 })).Where(port => port is >= 0 and <= 65535).Distinct().Order()];
        int asked = 0;
        int connected = 0;
        foreach (TinyInterface? source in network.Interfaces.Prepend(null))
        {
            foreach (TinyInterface? target in network.Interfaces.Prepend(null))
            {
                if (source == target || (source is null && target is null))
                    continue;
                foreach (int port in ports)
                    Compare(template.Network, finder, interpreter, source, target, port, ref asked, ref connected);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name} {parameters}: {asked} packets, {connected} connect, 0 differences");
        Assert.True(connected > 0 && connected < asked);
    }

    private static void Compare(NetworkModel model, PathFinder finder, TinyInterpreter interpreter, TinyInterface? source, TinyInterface? target, int port, ref int asked, ref int connected)
    {
        NetworkInterface? from = source is null ? null : model.Interfaces.Single(item => item.Name == source.Name);
        NetworkInterface? to = target is null ? null : model.Interfaces.Single(item => item.Name == target.Name);
        // Listeners are no rule of the network; the other model does not know them.
        if (to is { IsListeningOnly: true } && !to.Listening!.Any(match => match.Box.DestinationPort.Contains((UInt128)port)))
            return;
        TinyPacket packet = new(source is null ? TinyInterpreter.Address(203, 0, 113, 10) : interpreter.AddressOf(source), target is null ? TinyInterpreter.Address(203, 0, 113, 10) : interpreter.AddressOf(target), 6, 50000, port);
        bool arrives = (source, target) switch
        {
            ({ } a, { } b) => interpreter.Arrives(a, b, packet),
            (null, { } b) => interpreter.ArrivesFromInternet(b, packet),
            ({ } a, _) => interpreter.ArrivesAtInternet(a, packet),
            _ => false,
        };
        bool connects = arrives && (source, target) switch
        {
            ({ } a, { } b) => interpreter.Answered(a, b, packet),
            (null, { } b) => interpreter.AnsweredToInternet(b, packet),
            ({ } a, _) => interpreter.AnsweredFromInternet(a, packet),
            _ => false,
        };
        asked++;
        connected += connects ? 1 : 0;
        Packet asPacket = new(Cidr.V4Start + packet.Source, Cidr.V4Start + packet.Destination, 6, 50000, port);
        FlowPath[] paths = [.. finder.Find(from is null ? Party.Internet : Party.Of(from), to is null ? Party.Internet : Party.Of(to)).Where(path => path.Via != PathVia.PublicAddress)];
        foreach (bool must in (bool[])[false, true])
        {
            Assert.True(arrives == paths.Any(path => path.Arrives(must).Contains(asPacket)) && connects == paths.Any(path => path.Connects(must).Contains(asPacket)),
                $"{source?.Name ?? "internet"} -> {target?.Name ?? "internet"} on {port}: the other model says arrives {arrives}, connects {connects}");
        }
    }
}
