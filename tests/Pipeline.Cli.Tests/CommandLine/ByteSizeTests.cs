namespace Pipeline.Cli.Tests.CommandLine;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("1048576", 1048576)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("2 gib", 2L << 30)]
    [InlineData("2G", 2L << 30)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("800MB", 800_000_000)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("64kb", 64_000)]
    [InlineData("10 B", 10)]
    public void TryParse_Amount_GivesBytes(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("0")]
    [InlineData("-1GiB")]
    [InlineData("2XB")]
    [InlineData("1,5GiB")]
    [InlineData("99999999999999999999TiB")]
    [InlineData("9000000000000TiB")]
    [InlineData("0.1B")]
    public void TryParse_NoAmount_IsRejected(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(2L << 30, "2 GiB")]
    [InlineData(734003200, "700 MiB")]
    public void Format_Bytes_UsesTheLargestUnit(long bytes, string expected) => Assert.Equal(expected, ByteSize.Format(bytes));
}
