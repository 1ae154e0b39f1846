using System.Text.RegularExpressions;

namespace Pipeline.Docs.Tests;

/// <summary>
/// Pages show code from docs/snippets: a line <c>&lt;!-- snippet: name --&gt;</c> before a code block says which, and the block must be
/// that snippet, so it is code that builds.
/// </summary>
public sealed partial class SnippetTests
{
    [Fact]
    public void Pages_ShowTheirSnippetsAsTheyAre()
    {
        Dictionary<string, string> snippets = ReadSnippets();
        List<string> differences = [];
        int shown = 0;
        foreach (string page in Repository.Pages())
        {
            foreach (Match match in ShownSnippet().Matches(File.ReadAllText(page)))
            {
                shown++;
                string name = match.Groups["name"].Value;
                if (!snippets.TryGetValue(name, out string? code))
                    differences.Add($"{Repository.Relative(page)} shows snippet '{name}', which no file in docs/snippets has.");
                else if (Normalize(match.Groups["code"].Value) != code)
                    differences.Add($"{Repository.Relative(page)} shows snippet '{name}' otherwise than docs/snippets has it.");
            }
        }

        Assert.Empty(differences);
        Assert.True(shown > 0, "No page shows a snippet.");
    }

    [Fact]
    public void CSharpBlocks_AllComeFromSnippets()
    {
        IEnumerable<string> loose =
            from page in Repository.Pages()
            // package pages are read where the repository is not
            where !Repository.Relative(page).StartsWith("src", StringComparison.Ordinal)
            let text = ShownSnippet().Replace(File.ReadAllText(page), string.Empty)
            where text.Contains("```csharp", StringComparison.Ordinal)
            select $"{Repository.Relative(page)} has a csharp block without a snippet line before it.";
        Assert.Empty(loose);
    }

    private static Dictionary<string, string> ReadSnippets() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "snippets"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Snippet().Matches(File.ReadAllText(file)))
            .ToDictionary(match => match.Groups["name"].Value, match => Normalize(match.Groups["code"].Value));

    private static string Normalize(string code)
    {
        string[] lines = [.. code.ReplaceLineEndings("\n").Trim('\n').Split('\n').Select(line => line.TrimEnd())];
        int indent = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line)).TrimEnd();
    }

    [GeneratedRegex(@"^[ \t]*// <snippet (?<name>[\w-]+)>[ \t]*\r?\n(?<code>.*?)^[ \t]*// </snippet>",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"<!-- snippet: (?<name>[\w-]+) -->\s*```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShownSnippet();
}
