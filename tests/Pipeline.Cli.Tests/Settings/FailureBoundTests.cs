namespace Pipeline.Cli.Tests.Settings;

public sealed class FailureBoundTests
{
    [Theory]
    [InlineData("0", 0, false)]
    [InlineData("0", 1, true)]
    [InlineData("25", 25, false)]
    [InlineData("25", 26, true)]
    public void IsExceeded_Count_AllowsExactlyThatMany(string text, long failed, bool exceeded)
    {
        Assert.True(FailureBound.TryParse(text, out FailureBound? bound));
        Assert.Equal(exceeded, bound!.IsExceeded(failed, 1000));
    }

    [Theory]
    [InlineData(19, 19, false)] // not judged yet
    [InlineData(1, 20, false)]
    [InlineData(2, 20, true)]
    [InlineData(5, 100, false)]
    [InlineData(6, 100, true)]
    public void IsExceeded_Share_IsJudgedFromThe20thPhoto(long failed, long finished, bool exceeded)
    {
        Assert.True(FailureBound.TryParse("5%", out FailureBound? bound));
        Assert.Equal(exceeded, bound!.IsExceeded(failed, finished));
        Assert.Equal("5%", bound.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("-5%")]
    [InlineData("many")]
    [InlineData("NaN%")]
    public void TryParse_NoBound_IsRejected(string text) => Assert.False(FailureBound.TryParse(text, out _));
}
