namespace Pipeline.Infra;

/// <summary>The fields of a packet header that rules look at.</summary>
internal enum Dimension
{
    Source,
    Destination,
    Protocol,
    SourcePort,
    DestinationPort,
}
