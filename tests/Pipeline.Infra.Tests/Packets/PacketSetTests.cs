using FsCheck.Xunit;

namespace Pipeline.Infra.Tests;

/// <summary>The algebra of packet sets against membership, packet by packet, in a small space where every packet can be asked.</summary>
public sealed class PacketSetTests
{
    private const int Side = 4;

    [Property(MaxTest = 300)]
    public void Operations_AnySets_AgreeWithMembership(int seed)
    {
        Random random = new(seed);
        PacketSet a = RandomSet(random);
        PacketSet b = RandomSet(random);
        PacketSet union = a.Union(b);
        PacketSet common = a.Intersect(b);
        PacketSet rest = a.Subtract(b);
        foreach (Packet packet in Space())
        {
            Assert.Equal(a.Contains(packet) || b.Contains(packet), union.Contains(packet));
            Assert.Equal(a.Contains(packet) && b.Contains(packet), common.Contains(packet));
            Assert.Equal(a.Contains(packet) && !b.Contains(packet), rest.Contains(packet));
        }

        Assert.Equal(Space().All(packet => !a.Contains(packet) || b.Contains(packet)), a.IsSubsetOf(b));
        Assert.Equal(!Space().Any(packet => rest.Contains(packet)), rest.IsEmpty);
    }

    [Property(MaxTest = 300)]
    public void Quantifiers_AnySet_AgreeWithEnumeration(int seed)
    {
        Random random = new(seed);
        PacketSet set = RandomSet(random);
        Interval domain = new(0, Side - 1);
        PacketSet whole = PacketSet.Of(new Box(domain, domain, domain, domain, domain));
        PacketSet some = set.ForSome(Dimension.SourcePort, domain);
        PacketSet every = set.ForAll(Dimension.SourcePort, whole, domain);
        foreach (Packet packet in Space().Where(packet => packet.SourcePort == 0))
        {
            Packet[] all = [.. Enumerable.Range(0, Side).Select(port => packet with { SourcePort = port })];
            Assert.Equal(all.Any(p => set.Contains(p)), some.Contains(packet));
            Assert.Equal(all.All(p => set.Contains(p)), every.Contains(packet));
        }
    }

    [Fact]
    public void Mirror_Ports_ChangeSides()
    {
        PacketSet answers = PacketSet.Of(new Box(new(1, 1), new(2, 2), new(6, 6), new(80, 80), new(1024, 65535)));
        PacketSet questions = answers.Mirror();
        Assert.True(questions.Contains(new Packet(2, 1, 6, 5000, 80)));
        Assert.False(questions.Contains(new Packet(2, 1, 6, 80, 5000)));
        Assert.False(questions.Contains(new Packet(1, 2, 6, 5000, 80)));
    }

    [Fact]
    public void Mirror_EchoReply_BecomesRequest()
    {
        PacketSet replies = PacketSet.Of(Box.Everything with { Protocol = new(1, 1), DestinationPort = new(0, 0) });
        Assert.True(replies.Mirror().Contains(new Packet(1, 2, 1, 0, 8 << 8)));
        Assert.False(replies.Mirror().Contains(new Packet(1, 2, 1, 0, 0)));
    }

    [Theory]
    [InlineData("10.0.0.0/16", "10.0.0.0", "10.0.255.255")]
    [InlineData("10.0.1.7/32", "10.0.1.7", "10.0.1.7")]
    [InlineData("10.0.1.7/24", "10.0.1.0", "10.0.1.255")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("2001:db8::/127", "2001:db8::", "2001:db8::1")]
    public void Cidr_Block_HasItsEnds(string text, string first, string last)
    {
        Interval range = Cidr.Parse(text).Range;
        Assert.Equal(first, Cidr.FormatAddress(range.First));
        Assert.Equal(last, Cidr.FormatAddress(range.Last));
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.256/8")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/-1")]
    public void Cidr_Nonsense_IsRefused(string text) => Assert.Null(Cidr.TryParse(text));

    private static PacketSet RandomSet(Random random)
    {
        List<Box> boxes = new();
        for (int i = random.Next(5); i > 0; i--)
            boxes.Add(new Box(Next(), Next(), Next(), Next(), Next()));
        return PacketSet.Of(boxes);

        Interval Next()
        {
            int first = random.Next(Side);
            return new Interval((UInt128)first, (UInt128)random.Next(first, Side));
        }
    }

    private static IEnumerable<Packet> Space()
    {
        for (int i = 0; i < 1024; i++)
            yield return new Packet((UInt128)(i & 3), (UInt128)((i >> 2) & 3), (i >> 4) & 3, (i >> 6) & 3, (i >> 8) & 3);
    }
}
