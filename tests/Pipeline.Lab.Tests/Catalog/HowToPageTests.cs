using System.Reflection;

namespace Pipeline.Lab.Tests;

/// <summary>The output on the how-to page and in the package's README is what the programs on them give.</summary>
public sealed class HowToPageTests
{
    private static readonly string s_root =
        typeof(HowToPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item =>
            item.Key == "RepositoryRoot").Value!;

    [Theory]
    [InlineData("docs/how-to/test-your-own-concurrent-code.md")]
    [InlineData("src/Pipeline.Testing/README.md")]
    public void Page_ProgramsOnIt_ShowsTheReportsOfTheTool(string page)
    {
        string text = File.ReadAllText(Path.Combine(s_root, page)).ReplaceLineEndings("\n");
        foreach (ExplorableProgram program in new ExplorableProgram[] { TestingPrograms.TwoWorkers(), TestingPrograms.LastPhotoTwice() })
            Assert.Contains(new Explorer().Explore(program).ToString(), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_ReplayString_RepeatsTheRunThatItShows()
    {
        string text = File.ReadAllText(Path.Combine(s_root, "src/Pipeline.Testing/README.md")).ReplaceLineEndings("\n");
        string replay = text.Split("Replay(LastPhotoTwice(), \"")[1].Split('"')[0];
        Assert.Contains(new Explorer().Replay(TestingPrograms.LastPhotoTwice(), replay).ToString(), text, StringComparison.Ordinal);
    }
}
