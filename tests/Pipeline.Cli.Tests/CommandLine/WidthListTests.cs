namespace Pipeline.Cli.Tests.CommandLine;

public sealed class WidthListTests
{
    [Theory]
    [InlineData("3840,1920,256", new[] { 3840, 1920, 256 })]
    [InlineData("4k,1080p,thumb", new[] { 3840, 1920, 256 })]
    [InlineData("4K, 1920 ,1080p", new[] { 3840, 1920 })]
    [InlineData("65500", new[] { 65500 })]
    public void TryParse_Widths_GivesEachOnceInOrder(string text, int[] expected)
    {
        Assert.True(WidthList.TryParse(text, out int[]? widths, out _));
        Assert.Equal(expected, widths);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("1920,", "")]
    [InlineData("0", "0")]
    [InlineData("256,65501", "65501")]
    [InlineData("256,big", "big")]
    [InlineData("-5", "-5")]
    public void TryParse_NoWidth_NamesTheWrongPart(string text, string expected)
    {
        Assert.False(WidthList.TryParse(text, out _, out string wrong));
        Assert.Equal(expected, wrong);
    }
}
