namespace Pipeline.Infra.Tests;

/// <summary>Hand-written expectations for small templates of cfn-nag, each with one peculiarity. Skips without the corpora.</summary>
public sealed class CfnNagTests
{
    // File, group, whether the packet leaves, the far address, protocol, port, whether the group's rules let it pass.
    public static TheoryData<string, string, bool, string, int, int, bool> Groups => new()
    {
        { "json/security_group/dangling_allprotocols_egress_rule.json", "sg-09fb296e", true, "1.2.3.5", 17, 9999, true }, // -1 ignores ports
        { "json/security_group/dangling_allprotocols_ingress_rule.json", "sg-09fb296e", false, "1.2.200.1", 6, 22, true }, // 1.2.3.5/16 is 1.2.0.0/16
        { "json/security_group/dangling_egress_rule.json", "sg-09fb296e", true, "1.2.3.5", 6, 47, false },
        { "json/security_group/dangling_ingress_rule.json", "sg-09fb296e", false, "1.2.3.4", 6, 46, true },
        { "json/security_group/egress_with_port_range.json", "sgOpenEgress", true, "10.1.2.3", 6, 35, true }, // a map, not a list
        { "json/security_group/egress_with_port_range.json", "sgOpenEgress", true, "10.1.2.4", 6, 35, false },
        { "json/security_group/multiple_inline_egress.json", "sg5", true, "1.2.3.4", 6, 45, true },
        { "json/security_group/multiple_inline_egress.json", "sg5", true, "1.2.3.4", 6, 36, false },
        { "json/security_group/non_32_cidr.json", "sg", false, "10.1.2.77", 6, 34, true },
        { "json/security_group/non_32_cidr_standalone_ingress.json", "sg", false, "10.1.2.3", 6, 36, true },
        { "json/security_group/non_32_cidr_with_ip6.json", "sgDualModel", false, "2001::7", 6, 46, true },
        { "json/security_group/non_32_cidr_with_ip6.json", "sgDualModel", false, "2001:0:0:1::7", 6, 46, false },
        { "json/security_group/security_group_ip4_localhost_egress.json", "sg990", true, "8.8.8.8", 6, 443, false },
        { "json/security_group/security_group_ip4_localhost_egress.json", "sg991", true, "25.1.1.1", 47, 0, true },
        { "json/security_group/security_group_ip6_localhost_egress.json", "sg5444", true, "8.8.8.8", 6, 443, false }, // the IPv6 rule removes the IPv4 allow-all as well
        { "json/security_group/security_group_open_to_world_on_egress.json", "sgOpenEgress2", true, "8.8.8.8", 6, 46, true },
        { "json/security_group/security_group_open_to_world_on_egress.json", "sgOpenEgress2", true, "8.8.8.8", 6, 47, false }, // a separate rule removes allow-all
        { "json/security_group/security_group_open_to_world_on_ingress.json", "sgOpenIngress2", false, "8.8.8.8", 6, 46, true },
        { "json/security_group/security_group_open_to_world_on_ingress.json", "sgOpenIngress2", true, "8.8.8.8", 17, 53, true }, // no egress rule: allow-all stays
        { "json/security_group/sg_missing_properties.json", "sg", false, "8.8.8.8", 6, 22, false },
        { "json/security_group/single_security_group_empty_ingress.json", "sg", false, "10.0.0.1", 6, 22, false },
        { "json/security_group/single_security_group_one_cidr_ingress.json", "sg", false, "10.1.2.3", 6, 36, true },
        { "json/security_group/single_security_group_two_externalized_egress.json", "sg2", true, "1.2.3.6", 6, 45, false },
        { "json/security_group/standalone_ingress_open_to_world.json", "sg-12341234", false, "8.8.8.8", 6, 46, true },
        { "json/security_group/two_security_group_two_cidr_ingress.json", "sg2", false, "8.8.8.8", 6, 22, true }, // 0 to 36 includes 22
        { "json/security_group/two_security_group_two_externalized_cidr_ingress.json", "sg2", false, "8.8.8.8", 6, 22, true }, // GetAtt GroupId is the group
        { "json/security_group/two_security_groups_one_with_non_32_cidr.json", "sg2", false, "1.2.3.200", 6, 45, true },
    };

    public static TheoryData<string, string, string, int, int, bool> Acls => new()
    {
        { "ec2_networkaclentry_all_ports_full_range.yml", "myNetworkAcl", "10.0.1.1", 17, 65535, true },
        { "ec2_networkaclentry_all_protocols.yml", "myNetworkAcl", "10.0.1.1", 6, 22, true }, // -1 ignores the port range
        { "ec2_networkaclentry_all_protocols_deny.yml", "myNetworkAcl", "10.0.1.1", 6, 443, false },
        { "ec2_networkaclentry_deny_partial_ipv4_cidr_range.yml", "myNetworkAcl", "8.8.8.8", 6, 443, false }, // the final rule
        { "ec2_networkaclentry_missing_port_range.yml", "myNetworkAcl", "10.0.1.1", 17, 9, true },
        { "ec2_networkaclentry_port_range.yml", "myNetworkAcl", "10.0.1.1", 17, 68, false },
        { "ec2_networkaclentry_port_overlap_non_tcp_udp.yml", "myNetworkAcl", "10.0.1.1", 50, 0, true },
        { "ec2_networkaclentry_protocol_icmp.yml", "myNetworkAcl", "10.0.1.1", 1, 0, true },
        { "ec2_networkaclentry_protocol_icmp.yml", "myNetworkAcl", "10.0.1.1", 1, 8 << 8, false },
        { "ec2_networkaclentry_protocol_tcp.yml", "myNetworkAcl", "10.0.1.1", 17, 443, false },
    };

    [Theory]
    [MemberData(nameof(Groups))]
    public void Group_SmallTemplate_LetsPassWhatItSays(string file, string group, bool isEgress, string remote, int protocol, int port, bool expected)
    {
        InfraTemplate template = Load(file);
        ResourceEntry any = template.Network.Resources[0];
        SecurityGroup found = template.Network.Groups.Single(g => g.Name == group);
        Subnet subnet = new() { Name = "s", Key = "s", At = any.At, Vpc = null, Zone = new Zone("z", false, null) };
        NetworkInterface item = new() { Name = "i", Resource = any, Kind = InterfaceKind.Instance, Subnet = subnet, EphemeralPorts = InterfaceBuilder.LinuxPorts };
        item.Groups.Add(found);
        (PacketSet may, PacketSet must, _) = GroupRules.Compute(item, isEgress, GroupPeer.Internet);
        UInt128 far = Cidr.TryParseAddress(remote)!.Value;
        UInt128 near = Cidr.TryParseAddress(remote.Contains(':', StringComparison.Ordinal) ? "3fff::1" : "10.0.0.9")!.Value;
        Packet packet = isEgress ? new Packet(near, far, protocol, 50000, port) : new Packet(far, near, protocol, 50000, port);
        Assert.Equal(expected, must.Contains(packet));
        // A group that lives elsewhere may hold more rules; one that is declared here holds no others.
        if (found.Foreign is null)
            Assert.Equal(expected, may.Contains(packet));
    }

    [Theory]
    [MemberData(nameof(Acls))]
    public void Acl_SmallTemplate_LetsInWhatItSays(string file, string acl, string remote, int protocol, int port, bool expected)
    {
        InfraTemplate template = Load("yaml/ec2_networkaclentry/" + file);
        AclSets sets = new AclRules().Get(template.Network.Acls.Single(a => a.Name == acl), isEgress: false);
        Packet packet = new(Cidr.TryParseAddress(remote)!.Value, Cidr.TryParseAddress("10.0.0.9")!.Value, protocol, 50000, port);
        Assert.Equal(expected, sets.Get(isMust: true, isReply: false).Contains(packet));
        Assert.Equal(expected, sets.Get(isMust: false, isReply: false).Contains(packet));
    }

    [Theory]
    [InlineData("ec2_networkaclentry_duplicate_rule_numbers.yml", true)]
    [InlineData("ec2_networkaclentry_some_duplicate_rule_numbers.yml", true)]
    [InlineData("ec2_networkaclentry_no_duplicate_rule_numbers.yml", false)]
    [InlineData("ec2_networkaclentry_egress_ingress_dupe_rule_numbers.yml", false)]
    public void Acl_DuplicateNumbers_AreFoundPerDirection(string file, bool expected) =>
        Assert.Equal(expected, Load("yaml/ec2_networkaclentry/" + file).Findings.Any(finding => finding.Code == "ACL_DUPLICATE_RULE_NUMBER"));

    private static InfraTemplate Load(string file)
    {
        string path = Path.Combine(Corpus.Folder ?? "", "stelligent+cfn_nag/spec/test_templates", file);
        Assert.SkipUnless(File.Exists(path), "The corpora are not here; tests/Pipeline.Infra.Tests/Corpora/fetch.sh brings them.");
        return InfraTemplate.Load([path]);
    }
}
