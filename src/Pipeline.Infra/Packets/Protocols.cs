using System.Globalization;

namespace Pipeline.Infra;

/// <summary>Protocol numbers and their names in templates and claims.</summary>
internal static class Protocols
{
    internal const int Icmp = 1;
    internal const int Tcp = 6;
    internal const int Udp = 17;
    internal const int IcmpV6 = 58;

    internal static bool HasPorts(int protocol) => protocol is Tcp or Udp;

    internal static string NameOf(int protocol) => protocol switch
    {
        Icmp => "icmp",
        Tcp => "tcp",
        Udp => "udp",
        IcmpV6 => "icmpv6",
        _ => $"protocol {protocol}",
    };

    /// <summary>Reads a protocol as templates write it.</summary>
    /// <returns>The number, -1 for all, or null when it is none.</returns>
    internal static int? TryParse(string text)
    {
        switch (text.ToLowerInvariant())
        {
            case "-1" or "all":
                return -1;
            case "tcp":
                return Tcp;
            case "udp":
                return Udp;
            case "icmp":
                return Icmp;
            case "icmpv6":
                return IcmpV6;
            default:
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 0 and <= 255 ? number : null;
        }
    }

    /// <summary>Gets type and code of the answer to an echo request; every other message has no answer and stands for itself.</summary>
    internal static int ReplyOf(int protocol, int typeAndCode) => (protocol, typeAndCode) switch
    {
        (Icmp, 8 << 8) => 0,
        (IcmpV6, 128 << 8) => 129 << 8,
        _ => typeAndCode,
    };
}
