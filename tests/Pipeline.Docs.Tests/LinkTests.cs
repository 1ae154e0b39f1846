using System.Text.RegularExpressions;

namespace Pipeline.Docs.Tests;

/// <summary>Links between pages lead somewhere.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void RelativeLinks_PointAtFilesThatExist()
    {
        IEnumerable<string> broken =
            from page in Repository.Pages()
            from Match match in Link().Matches(File.ReadAllText(page))
            let target = match.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
                && !target.StartsWith('#')
                && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, target.Split('#')[0]))
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{Repository.Relative(page)} links to {target}, which does not exist.";
        Assert.Empty(broken);
    }

    [GeneratedRegex(@"(?<!\!)\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
