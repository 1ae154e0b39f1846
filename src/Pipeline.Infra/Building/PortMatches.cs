namespace Pipeline.Infra;

/// <summary>Reads ranges of ports and ICMP types.</summary>
internal static class PortMatches
{
    internal static Interval OfIcmp(int type, int code)
    {
        if (type is < 0 or > 255)
            return Box.AllPorts;
        UInt128 first = (UInt128)(type << 8);
        return code is < 0 or > 255 ? new Interval(first, first + 255) : new Interval(first + (UInt128)code, first + (UInt128)code);
    }

    /// <summary>Reads a range.</summary>
    /// <returns>The ports; or no ports and a problem when the range is wrong; or neither when it is not known.</returns>
    internal static (Interval? Ports, string? Problem) OfRange(Value from, Value to)
    {
        if (from is AbsentValue && to is AbsentValue)
            return (Box.AllPorts, null);
        if (from is AbsentValue || to is AbsentValue)
            (from, to) = (from is AbsentValue ? to : from, to is AbsentValue ? from : to);
        if (from is not TextValue || to is not TextValue)
            return (null, null);
        int? first = Facts.Int(from);
        int? last = Facts.Int(to);
        if (first == -1 && last is -1 or 65535)
            return (Box.AllPorts, null);
        if (first is not (>= 0 and <= 65535) || last is not (>= 0 and <= 65535) || first > last)
            return (null, $"has the ports '{from.Key}' to '{to.Key}'. Ports are 0 to 65535, the smaller one first.");
        return (new Interval((UInt128)first.Value, (UInt128)last.Value), null);
    }
}
