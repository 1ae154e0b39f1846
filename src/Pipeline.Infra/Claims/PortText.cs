using System.Globalization;

namespace Pipeline.Infra;

/// <summary>Reads ports as claims write them: tcp/443, udp/1000-2000, icmp, all.</summary>
internal static class PortText
{
    internal static PortMatch Parse(string text, Location at)
    {
        string[] parts = text.Split('/');
        if (parts.Length > 2 || Protocols.TryParse(parts[0]) is not { } protocol)
            throw Wrong(text, at);
        if (parts.Length == 1)
            return protocol < 0 ? PortMatch.All : new PortMatch(protocol, Box.AllPorts);
        if (!Protocols.HasPorts(protocol))
            throw Wrong(text, at);
        string[] ends = parts[1].Split('-');
        if (ends.Length > 2 || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            || first > last || last > 65535)
            throw Wrong(text, at);
        return new PortMatch(protocol, new Interval((UInt128)first, (UInt128)last));
    }

    private static TemplateException Wrong(string text, Location at) =>
        new(at, $"'{text}' names no ports. Write tcp/443, udp/1000-2000, icmp, a protocol number, or all.");
}
