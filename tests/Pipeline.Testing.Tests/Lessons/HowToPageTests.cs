using System.Reflection;

namespace Pipeline.Testing.Tests.Lessons;

/// <summary>The output on the how-to page and in the package's README is what the program on the page gives.</summary>
public sealed class HowToPageTests
{
    private static readonly string Root = typeof(HowToPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    [Theory]
    [InlineData("docs/how-to/test-your-own-concurrent-code.md")]
    [InlineData("src/Pipeline.Testing/README.md")]
    public void Page_TwoWorkers_ShowsTheReportOfTheTool(string page)
    {
        var program = new ModelProgram("two workers", world =>
        {
            ModelVariable<int> total = world.Variable("total", 0);
            for (int worker = 0; worker < 2; worker++)
            {
                world.Participant(async () =>
                {
                    int seen = await total.Read();
                    await total.Write(seen + 1);
                });
            }

            world.AtEnd("total is 2", () => total.Value == 2, () => $"it is {total.Value}");
        });

        string report = new Explorer().Explore(program, SearchStrategy.Exhaustive(bound: 2)).ToString();
        Assert.Contains(report, File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
