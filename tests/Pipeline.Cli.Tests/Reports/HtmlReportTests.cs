using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Reports;

public sealed class HtmlReportTests
{
    private static string Write(Func<string, byte[]?> thumbnail) =>
        HtmlReport.Write(SampleResult.Job(), Path.GetFullPath("."), thumbnail);

    [Fact]
    public void Write_Run_NeedsNothingOutsideTheFile()
    {
        string html = Write(_ => [1, 2, 3]);
        Assert.Contains("data:image/jpeg;base64,AQID", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Run_ExplainsWhatLimitedItWithChartsAndTheirTables()
    {
        string html = Write(_ => null);
        Assert.Contains("What limited the run", html, StringComparison.Ordinal);
        Assert.Contains("decode 2x faster", html, StringComparison.Ordinal);
        int charts = html.Split("<svg ").Length - 1;
        Assert.InRange(charts, 3, 6);
        Assert.Equal(charts, html.Split("<summary>Numbers of this chart").Length - 1);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NamesWithSpecialCharacters_AreEscaped()
    {
        string html = Write(_ => null);
        Assert.Contains("in/&lt;bad&gt;.nef", html, StringComparison.Ordinal);
        Assert.Contains("href=\"out/a%20%26%20b_1920.jpg\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<bad>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Photo_ShowsItsSmallestOutput()
    {
        List<string> asked = new();
        Write(path =>
        {
            asked.Add(path);
            return null;
        });
        Assert.Equal([Path.Combine("out", "a & b_256.jpg")], asked);
    }

    [Fact]
    public void Write_Stages_DrawsBarsThatFillTheWidth()
    {
        string html = Write(_ => null);
        // decode: 15 busy, 1 starved, 4 blocked of 20 seconds.
        Assert.Contains("<i class=\"busy\" style=\"width:75%\"", html, StringComparison.Ordinal);
        Assert.Contains("<i class=\"starved\" style=\"width:5%\"", html, StringComparison.Ordinal);
        Assert.Contains("<i class=\"blocked\" style=\"width:20%\"", html, StringComparison.Ordinal);
    }
}
