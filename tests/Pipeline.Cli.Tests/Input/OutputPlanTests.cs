using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Input;

public sealed class OutputPlanTests
{
    private static InputPhoto Photo(string folder, string name, string root = "in") =>
        SampleResult.Photo(Path.Combine(root, folder, name), folder, root);

    private static string[] Names(params InputPhoto[] photos) => [.. OutputPlan.For(photos).Photos.Select(photo => photo.OutputName)];

    [Fact]
    public void For_PhotosOfDifferentNames_UsesFolderAndNameWithoutExtension() =>
        Assert.Equal(["a", "sub/deep/b.c"], Names(Photo("", "a.dng"), Photo("sub/deep", "b.c.jpg")));

    [Fact]
    public void For_RawAndJpegOfOneShot_AddsTheExtensionToBoth() =>
        Assert.Equal(["a.NEF", "b", "a.jpg"], Names(Photo("", "a.NEF"), Photo("", "b.dng"), Photo("", "a.jpg")));

    [Fact]
    public void For_SameNameInTwoInputFolders_PutsTheFolderInFront() =>
        Assert.Equal(["card1/a.nef", "card2/a.nef"], Names(Photo("", "a.nef", "card1"), Photo("", "a.nef", "card2")));

    [Fact]
    public void For_SameNameInFoldersOfOneName_NumbersThem() =>
        Assert.Equal(["in/a.nef", "in/a.nef-2"], Names(Photo("", "a.nef"), Photo("", "a.nef")));

    [Fact]
    public void For_NamesThatDifferInCase_AreToldApart() =>
        Assert.Equal(2, Names(Photo("", "a.nef"), Photo("", "A.nef")).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Fact]
    public void For_FileThatIsAllExtension_KeepsIt() => Assert.Equal([".dng"], Names(Photo("", ".dng")));

    [Fact]
    public void For_LongerNames_AreReported()
    {
        OutputPlan plan = OutputPlan.For([Photo("", "a.nef"), Photo("", "a.jpg"), Photo("", "b.jpg")]);
        Assert.Equal(["in/a.nef", "in/a.jpg"], plan.Renamed.Select(photo => photo.Photo.Path));
    }

    [Property]
    public Property For_AnyPhotos_GivesEachANameOfItsOwn()
    {
        Gen<InputPhoto> photo =
            from folder in Gen.Elements("", "x", "x/y")
            from name in Gen.Elements("a.nef", "a.jpg", "A.jpg", "a", "a.nef.dng", "a.jpg-2", "a-2.nef", "in/a.nef", "b.dng")
            from root in Gen.Elements("in", "x", "a.nef")
            select Photo(folder, Path.GetFileName(name), root);
        return Prop.ForAll(
            photo.ArrayOf().ToArbitrary(),
            photos => Names(photos).Distinct(StringComparer.OrdinalIgnoreCase).Count() == photos.Length);
    }
}
