namespace Pipeline.Infra;

/// <summary>All packets whose five fields lie in five intervals.</summary>
internal readonly record struct Box(Interval Source, Interval Destination, Interval Protocol, Interval SourcePort, Interval DestinationPort)
{
    internal const int Dimensions = 5;

    internal static readonly Interval AllAddresses = new(0, UInt128.MaxValue);
    internal static readonly Interval AllV4 = new(Cidr.V4Start, Cidr.V4Start + uint.MaxValue);
    internal static readonly Interval AllProtocols = new(0, 255);
    internal static readonly Interval AllPorts = new(0, 65535);
    internal static readonly Box Everything = new(AllAddresses, AllAddresses, AllProtocols, AllPorts, AllPorts);

    internal Interval this[Dimension dimension] => dimension switch
    {
        Dimension.Source => Source,
        Dimension.Destination => Destination,
        Dimension.Protocol => Protocol,
        Dimension.SourcePort => SourcePort,
        _ => DestinationPort,
    };

    internal Box With(Dimension dimension, Interval interval) => dimension switch
    {
        Dimension.Source => this with { Source = interval },
        Dimension.Destination => this with { Destination = interval },
        Dimension.Protocol => this with { Protocol = interval },
        Dimension.SourcePort => this with { SourcePort = interval },
        _ => this with { DestinationPort = interval },
    };

    internal bool Overlaps(in Box other) =>
        Source.Overlaps(other.Source) && Destination.Overlaps(other.Destination) && Protocol.Overlaps(other.Protocol)
        && SourcePort.Overlaps(other.SourcePort) && DestinationPort.Overlaps(other.DestinationPort);

    internal bool Contains(in Box other) =>
        Source.Contains(other.Source) && Destination.Contains(other.Destination) && Protocol.Contains(other.Protocol)
        && SourcePort.Contains(other.SourcePort) && DestinationPort.Contains(other.DestinationPort);

    internal bool Contains(in Packet packet) =>
        Source.Contains(packet.Source) && Destination.Contains(packet.Destination) && Protocol.Contains((UInt128)packet.Protocol)
        && SourcePort.Contains((UInt128)packet.SourcePort) && DestinationPort.Contains((UInt128)packet.DestinationPort);

    /// <summary>Gets the common packets; only for boxes that overlap.</summary>
    internal Box Intersect(in Box other) => new(
        Source.Intersect(other.Source), Destination.Intersect(other.Destination), Protocol.Intersect(other.Protocol),
        SourcePort.Intersect(other.SourcePort), DestinationPort.Intersect(other.DestinationPort));

    /// <summary>Cuts a box that overlaps out of this one: at most two slices along each field are left.</summary>
    internal void SubtractInto(in Box hole, List<Box> result)
    {
        Box rest = this;
        for (int i = 0; i < Dimensions; i++)
        {
            Dimension dimension = (Dimension)i;
            Interval mine = rest[dimension];
            Interval cut = hole[dimension];
            if (mine.First < cut.First)
            {
                result.Add(rest.With(dimension, new Interval(mine.First, cut.First - 1)));
                rest = rest.With(dimension, new Interval(cut.First, mine.Last));
                mine = rest[dimension];
            }

            if (mine.Last > cut.Last)
            {
                result.Add(rest.With(dimension, new Interval(cut.Last + 1, mine.Last)));
                rest = rest.With(dimension, new Interval(mine.First, cut.Last));
            }
        }
    }
}
