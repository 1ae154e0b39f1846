namespace Pipeline.Architecture.Tests;

/// <summary>Which package may use which. ARCHITECTURE.md says why.</summary>
public sealed class PackageArrowTests
{
    /// <summary>The floors of the house. A package may use only packages of lower floors.</summary>
    private static readonly string[][] s_floors =
    [
        ["Pipeline.Sync", "Pipeline.Sync.Analyzers", "Pipeline.Infra"],
        ["Pipeline.Core", "Pipeline.Sync.Sqlite", "Pipeline.Testing"],
        ["Pipeline.Processes", "Pipeline.Profiling", "Pipeline.Imaging", "Pipeline.Hosting", "Pipeline.Testing.Xunit", "Pipeline.Lab"],
        ["Pipeline.Imaging.LibRaw"],
        ["Pipeline.Cli"],
    ];

    [Fact]
    public void EveryPackage_HasAFloor() =>
        Assert.All(Packages.All.Keys, name => Assert.Contains(name, s_floors.SelectMany(floor => floor)));

    [Fact]
    public void Arrows_LeadToLowerFloors()
    {
        IEnumerable<string> wrong =
            from package in Packages.All.Values
            from below in package.References.Concat(package.Drawing.OtherPackages).Distinct()
            where FloorOf(below) >= FloorOf(package.Name)
            select $"{package.Name} uses {below}, which is not below it.";
        Check.Nothing(wrong);
    }

    [Fact]
    public void Core_NeedsNoOtherPackageThanSync() => Assert.Equal(["Pipeline.Sync"], Packages.All["Pipeline.Core"].References);

    [Theory]
    [InlineData("Pipeline.Sync")]
    [InlineData("Pipeline.Core")]
    public void Foundations_NeedNoThirdPartyPackage(string package) =>
        Assert.DoesNotContain("PackageReference", File.ReadAllText(Repository.Absolute($"src/{package}/{package}.csproj")));

    [Fact]
    public void LargestPackage_IsBelowAQuarterOfTheSource()
    {
        Dictionary<string, int> lines = Packages.All.ToDictionary(pair => pair.Key, pair => pair.Value.Files.Sum(SourceLines.Count));
        KeyValuePair<string, int> largest = lines.MaxBy(pair => pair.Value);
        Assert.True(largest.Value < 0.25 * lines.Values.Sum(), $"{largest.Key} has {largest.Value} of {lines.Values.Sum()} lines.");
    }

    private static int FloorOf(string package) => Array.FindIndex(s_floors, floor => floor.Contains(package));
}
