using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Infra.Tests;

/// <summary>
/// A <see cref="TinyNetwork"/> in the kernel: a namespace for each interface with its groups as a stateful filter, a router whose forward chain holds the ACLs
/// without tracking, and a namespace for the internet. NAT gateways are left out.
/// </summary>
internal sealed class KernelNetwork : IDisposable
{
    internal const int Internet = -1;
    private const int NewNetwork = 0x40000000;
    private static readonly uint s_internetAddress = TinyInterpreter.Address(203, 0, 113, 10);
    private static int s_count;

    private readonly TinyNetwork _network;
    private readonly string _prefix = $"pi{Environment.ProcessId % 10000}x{Interlocked.Increment(ref s_count)}";
    private readonly List<Socket> _listeners = [];

    internal KernelNetwork(TinyNetwork network)
    {
        _network = network;
        try
        {
            Run("bash", "-s", Script());
            for (int i = Internet; i < network.Interfaces.Count; i++)
                _listeners.Add(Listen(i));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets why the kernel cannot be asked here; null when it can.</summary>
    internal static string? Missing()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return "needs Linux and root for network namespaces";
        foreach (string program in (string[])["ip", "nft", "bash"])
        {
            if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin").Any(folder => File.Exists(Path.Combine(folder, program))))
                return $"needs the program '{program}' (packages iproute2, nftables)";
        }

        try
        {
            Run("bash", "-s", "ip netns add pi-probe && ip netns del pi-probe");
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"may not make network namespaces here: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    internal uint AddressOf(int index) => index == Internet ? s_internetAddress : new TinyInterpreter(_network).AddressOf(_network.Interfaces[index]);

    /// <summary>Opens one TCP connection and says whether that worked within the limit.</summary>
    internal async Task<bool> ConnectAsync(int from, int to, int sourcePort, int port, TimeSpan limit)
    {
        using Socket socket = Create(from);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.LingerState = new LingerOption(true, 0); // closed by a reset, so that the source port is free at once
        socket.Bind(new IPEndPoint(ToAddress(AddressOf(from)), sourcePort));
        using CancellationTokenSource source = new(limit);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(ToAddress(AddressOf(to)), port), source.Token);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (Socket socket in _listeners)
            socket.Dispose();
        StringBuilder script = new();
        for (int i = Internet; i < _network.Interfaces.Count; i++)
            script.AppendLine($"ip netns del {Name(i)} 2>/dev/null || true");
        script.AppendLine($"ip netns del {_prefix}r 2>/dev/null || true");
        Run("bash", "-s", script.ToString());
    }

    private static IPAddress ToAddress(uint address) => new([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);

    private string Name(int index) => index == Internet ? $"{_prefix}w" : $"{_prefix}i{index}";

    private static string Cable(int index) => index == Internet ? "w" : $"v{index}";

    private string Script()
    {
        StringBuilder script = new("set -euo pipefail\n");
        script.AppendLine($"ip netns add {_prefix}r\nip netns exec {_prefix}r sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0");
        for (int i = Internet; i < _network.Interfaces.Count; i++)
        {
            string name = Name(i);
            string address = ToAddress(AddressOf(i)).ToString();
            script.AppendLine($"ip netns add {name}\nip link add {Cable(i)} netns {_prefix}r type veth peer name e netns {name}");
            script.AppendLine($"ip -n {name} link set lo up\nip -n {name} addr add {address}/32 dev e\nip -n {name} link set e up\nip -n {name} route add 169.254.1.1 dev e\nip -n {name} route add default via 169.254.1.1 dev e");
            script.AppendLine($"ip -n {_prefix}r link set {Cable(i)} up\nip -n {_prefix}r addr add 169.254.1.1/32 dev {Cable(i)} 2>/dev/null || true\nip -n {_prefix}r route add {address}/32 dev {Cable(i)}");
            script.AppendLine($"ip netns exec {name} nft -f - <<'END'\n{Groups(i)}END");
        }

        script.AppendLine($"ip netns exec {_prefix}r nft -f - <<'END'\n{Router()}END");
        return script.ToString();
    }

    private string Groups(int index)
    {
        // Every port leads to one listener; the filter judges the port that the client asked for.
        StringBuilder text = new("table ip t {\n chain catchall {\n  type nat hook prerouting priority -100;\n  meta l4proto tcp redirect to :9\n }\n");
        if (index == Internet)
            return text.Append("}\n").ToString();
        TinyInterface item = _network.Interfaces[index];
        text.Append(" chain in {\n  type filter hook input priority 0; policy drop;\n  iif lo accept\n  ct state established,related accept\n");
        AppendRules(text, item, ingress: true);
        text.Append(" }\n chain out {\n  type filter hook output priority 0; policy drop;\n  oif lo accept\n  ct state established,related accept\n");
        AppendRules(text, item, ingress: false);
        return text.Append(" }\n}\n").ToString();
    }

    private void AppendRules(StringBuilder text, TinyInterface item, bool ingress)
    {
        string field = ingress ? "ip saddr" : "ip daddr";
        if (item.Groups.Length == 0)
        {
            if (ingress)
                AppendMembers(text, field, "", other => other.Groups.Length == 0);
            else
                text.Append("  accept\n");
        }

        foreach (int index in item.Groups)
        {
            TinyGroup group = _network.Groups[index];
            if (!ingress && group.Egress.Count == 0)
                text.Append("  accept\n");
            foreach (TinyRule rule in ingress ? group.Ingress : group.Egress)
            {
                if (rule.Protocol is not (-1 or 6))
                    continue; // only TCP is tried
                string ports = rule.Protocol == -1 ? "" : ingress ? $" meta l4proto tcp ct original proto-dst {rule.First}-{rule.Last}" : $" tcp dport {rule.First}-{rule.Last}";
                if (rule.Block is { } block)
                    text.Append($"  {field} {Canonical(block)}{ports} accept\n");
                else
                    AppendMembers(text, field, ports, other => other.Groups.Contains(rule.Group));
            }
        }
    }

    private void AppendMembers(StringBuilder text, string field, string ports, Func<TinyInterface, bool> isMember)
    {
        string[] members = [.. _network.Interfaces.Select((other, i) => (other, i)).Where(pair => isMember(pair.other)).Select(pair => ToAddress(AddressOf(pair.i)).ToString())];
        if (members.Length > 0)
            text.Append($"  {field} {{ {string.Join(", ", members)} }}{ports} accept\n");
    }

    private string Router()
    {
        StringBuilder text = new("table ip t {\n chain raw {\n  type filter hook prerouting priority -300;\n  notrack\n }\n");
        for (int a = 0; a < _network.Acls.Count; a++)
        {
            foreach (bool egress in (bool[])[false, true])
            {
                text.Append($" chain acl{a}{(egress ? "out" : "in")} {{\n");
                foreach (TinyAclEntry entry in _network.Acls[a].Where(entry => entry.Egress == egress && entry.Protocol is -1 or 6).OrderBy(entry => entry.Number))
                {
                    if (entry.Egress != egress)
                        continue;
                    string ports = entry.Protocol == -1 ? "" : $" tcp dport {entry.First}-{entry.Last}";
                    text.Append($"  {(egress ? "ip daddr" : "ip saddr")} {Canonical(entry.Block)}{ports} {(entry.Allow ? "return" : "drop")}\n");
                }

                text.Append("  drop\n }\n");
            }
        }

        text.Append(" chain forward {\n  type filter hook forward priority 0; policy drop;\n");
        for (int i = 0; i < _network.Interfaces.Count; i++)
        {
            TinyInterface item = _network.Interfaces[i];
            // Both ways between the internet and an interface need a public address and the route.
            if (!item.Public || !RoutesToGateway(item.Subnet))
                text.Append($"  iifname {Cable(i)} oifname w drop\n  iifname w oifname {Cable(i)} drop\n");
            for (int j = 0; j < _network.Interfaces.Count; j++)
            {
                if (_network.Interfaces[j].Subnet == item.Subnet)
                    text.Append($"  iifname {Cable(i)} oifname {Cable(j)} accept\n");
            }
        }

        for (int i = 0; i < _network.Interfaces.Count; i++)
        {
            int acl = _network.Subnets[_network.Interfaces[i].Subnet].Acl;
            if (acl >= 0)
                text.Append($"  iifname {Cable(i)} jump acl{acl}out\n");
        }

        for (int i = 0; i < _network.Interfaces.Count; i++)
        {
            int acl = _network.Subnets[_network.Interfaces[i].Subnet].Acl;
            if (acl >= 0)
                text.Append($"  oifname {Cable(i)} jump acl{acl}in\n");
        }

        return text.Append("  accept\n }\n}\n").ToString();
    }

    private bool RoutesToGateway(int subnet)
    {
        int table = _network.Subnets[subnet].Table;
        if (table < 0 || !_network.HasInternetGateway)
            return false;
        // The longest prefix that covers the one internet address.
        TinyRoute? best = _network.Tables[table].Where(route => Covers(route.Block)).MaxBy(route => int.Parse(route.Block.Split('/')[1]));
        return best is { Nat: -1 };
    }

    private static bool Covers(string block)
    {
        string[] parts = block.Split('.', '/');
        int length = int.Parse(parts[4]);
        uint start = TinyInterpreter.Address(int.Parse(parts[0]), int.Parse(parts[1]), int.Parse(parts[2]), int.Parse(parts[3]));
        return length == 0 || (start >> (32 - length)) == (s_internetAddress >> (32 - length));
    }

    private static string Canonical(string block) => block.EndsWith("/0", StringComparison.Ordinal) ? "0.0.0.0/0" : block;

    private Socket Listen(int index)
    {
        Socket socket = Create(index);
        socket.Bind(new IPEndPoint(IPAddress.Any, 9));
        socket.Listen(1000);
        return socket;
    }

    // A socket belongs to the namespace of the thread that makes it.
    private Socket Create(int index)
    {
        Socket? socket = null;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle($"/run/netns/{Name(index)}");
                if (setns((int)handle.DangerousGetHandle(), NewNetwork) != 0)
                    throw new InvalidOperationException($"setns failed with {Marshal.GetLastPInvokeError()}");
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        if (!thread.Join(TimeSpan.FromSeconds(20)))
            throw new TimeoutException("no socket in the namespace within 20 s");
        return failure is null ? socket! : throw new InvalidOperationException(failure.Message, failure);
    }

    private static void Run(string program, string argument, string input)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, argument) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException("the namespaces were not made within 60 s");
        }

        if (process.ExitCode != 0)
            throw new InvalidOperationException($"exit code {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int descriptor, int kind);
}
