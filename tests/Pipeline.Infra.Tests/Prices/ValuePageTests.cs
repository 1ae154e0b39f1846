using System.Text.RegularExpressions;

namespace Pipeline.Infra.Tests;

/// <summary>The page for whoever pays: the three figures first, no word of the trade, every price with its day.</summary>
public sealed partial class ValuePageTests
{
    private static readonly string[] s_forbidden =
    [
        "VPC", "subnet", "NAT", "gateway", "load balancer", "balancer", "instance", "DNS", "IP", "TCP", "failover", "fail-over", "redundan", "availability", "zone", "cluster", "container", "Fargate", "EC2",
        "RDS", "S3", "ALB", "LCU", "cache", "Redis", "Valkey", "PostgreSQL", "database", "server", "cloud", "latency", "scal", "backup", "endpoint", "port", "protocol", "SLA", "infrastructure", "architecture", "template", "queue",
        "서브넷", "게이트웨이", "로드 밸런서", "인스턴스", "가용성", "가용 영역", "이중화", "페일오버", "클러스터", "컨테이너", "캐시", "데이터베이스", "서버", "클라우드", "백업", "엔드포인트", "포트", "프로토콜", "인프라", "아키텍처",
    ];

    [Theory]
    [InlineData("en")]
    [InlineData("ko")]
    public void Write_AnyLanguage_HasNoWordOfTheTrade(string language)
    {
        string text = Visible(ValuePage.Write(CostTests.Compare(200m), language));
        foreach (string word in s_forbidden)
        {
            // "support" is no "port": Latin words count from their beginning.
            string pattern = word[0] < 128 ? $@"\b{Regex.Escape(word)}" : Regex.Escape(word);
            Assert.False(Regex.IsMatch(text, pattern, word.Length <= 4 && word.ToUpperInvariant() == word ? RegexOptions.None : RegexOptions.IgnoreCase), $"'{word}' stands in the page:\n{text}");
        }
    }

    [Theory]
    [InlineData("en", "$269", "12 → 2", "81 minutes")]
    [InlineData("ko", "$269", "12 → 2", "81분")]
    public void Write_AnyLanguage_HasTheThreeFiguresBeforeAnythingElse(string language, string cost, string risk, string even)
    {
        string page = ValuePage.Write(CostTests.Compare(200m), language);
        int body = page.IndexOf("<table", StringComparison.Ordinal);
        foreach (string figure in (string[])[cost, risk, even])
        {
            int at = page.IndexOf($"<b>{figure}</b>", StringComparison.Ordinal);
            Assert.True(at > 0 && at < body, $"{figure}\n{page}");
        }
    }

    [Fact]
    public void Write_EveryPrice_HasItsDay()
    {
        ValueComparison comparison = CostTests.Compare(200m);
        string page = ValuePage.Write(comparison);
        foreach (CostLine line in comparison.First.Lines.Concat(comparison.Second.Lines))
            Assert.Contains($"{line.Price!.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture)}; {line.Price.Date}", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HugeRevenue_ChangesOnlyTheBreakEven()
    {
        Assert.Contains("<b>1 minutes</b>", ValuePage.Write(CostTests.Compare(100_000m)), StringComparison.Ordinal);
        Assert.Contains("<b>26.9 hours</b>", ValuePage.Write(CostTests.Compare(10m)), StringComparison.Ordinal);
    }

    private static string Visible(string html) => System.Net.WebUtility.HtmlDecode(Tags().Replace(Style().Replace(html, ""), " "));

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
