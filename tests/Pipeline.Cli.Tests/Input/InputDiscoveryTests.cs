using Pipeline.Cli.Tests.Support;
using Pipeline.Imaging;

namespace Pipeline.Cli.Tests.Input;

public sealed class InputDiscoveryTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    // In these tests a file is a picture when its text is "picture".
    private static PhotoHeader Header(string path) =>
        new(File.ReadAllText(path) == "picture" ? PhotoKind.Jpeg : PhotoKind.None, 4, 3, 1, 7);

    private InputSet Find(params string[] inputs) =>
        InputDiscovery.Find(inputs.Select(input => _temp[input]), _temp["out"], Header, TestContext.Current.CancellationToken);

    private string[] Names(InputSet found) => [.. found.Photos.Select(photo => Path.GetRelativePath(_temp.Path, photo.Path))];

    private void Pictures(params string[] names)
    {
        foreach (string name in names)
            _temp.Write(name, "picture");
    }

    [Fact]
    public void Find_Folder_GivesPicturesOfAllFoldersSortedAndCountsTheRest()
    {
        Pictures("in/b.dng", "in/a.jpg", "in/sub/deep/c.nef");
        _temp.Write("in/notes.txt");
        _temp.Write("in/fake.dng", "text");

        InputSet found = Find("in");

        Assert.Equal(["in/a.jpg", "in/b.dng", "in/sub/deep/c.nef"], Names(found));
        Assert.Equal(["", "", "sub/deep"], found.Photos.Select(photo => photo.RelativeFolder));
        Assert.Equal([_temp["in/fake.dng"], _temp["in/notes.txt"]], found.PassedOver);
        Assert.Empty(found.Problems);
    }

    [Fact]
    public void Find_HiddenEntriesOfAFolder_AreLeftAlone()
    {
        Pictures("in/a.jpg", "in/.trash/b.jpg", "in/.c.jpg");
        Assert.Equal(["in/a.jpg"], Names(Find("in")));
    }

    [Fact]
    public void Find_NamedFileThatIsNoPicture_IsTakenSoThatItIsReported()
    {
        _temp.Write("notes.txt");
        Assert.Equal(["notes.txt"], Names(Find("notes.txt")));
    }

    [Fact]
    public void Find_MissingPathAndPatternWithoutMatch_AreProblems()
    {
        InputSet found = Find("missing.dng", "*.nef");
        Assert.Equal([_temp["missing.dng"], _temp["*.nef"]], found.Problems.Select(problem => problem.Path));
    }

    [Fact]
    public void Find_SameFileByNameFolderRelativePathAndLink_IsTakenOnce()
    {
        Pictures("in/a.jpg", "in/sub/b.jpg");
        File.CreateSymbolicLink(_temp["in/link.jpg"], _temp["in/a.jpg"]);
        Directory.CreateSymbolicLink(_temp["again"], _temp["in"]);

        InputSet found = Find("in/a.jpg", "in/sub/../a.jpg", "in", "again", "again/sub/b.jpg");

        Assert.Equal(["in/a.jpg", "in/sub/b.jpg"], Names(found));
        // a.jpg by another path, a.jpg and its link in the folder, the folder again, b.jpg through the link.
        Assert.Equal(5, found.Duplicates);
    }

    [Fact]
    public void Find_FolderLinkToItsOwnParent_Ends()
    {
        Pictures("in/a.jpg");
        Directory.CreateSymbolicLink(_temp["in/loop"], _temp["in"]);
        Assert.Equal(["in/a.jpg"], Names(Find("in")));
    }

    [Fact]
    public void Find_OutputFolderInsideTheInput_IsNotRead()
    {
        Pictures("a.jpg", "out/a_256.jpg", "out/sub/b_256.jpg", "outer/c.jpg");
        Assert.Equal(["a.jpg", "outer/c.jpg"], Names(Find("")));
        Assert.Equal(["a.jpg", "outer/c.jpg"], Names(Find("**/*.jpg")));
    }

    [Fact]
    public void Find_InputInsideTheOutputFolder_IsRead()
    {
        Pictures("out/raw/a.jpg");
        Assert.Equal(["out/raw/a.jpg"], Names(Find("out/raw")));
    }

    [Fact]
    public void Find_InputFolderIsTheOutputFolder_IsWrongUsage()
    {
        Pictures("out/a.jpg");
        Assert.Throws<UsageException>(() => Find("out"));
    }

    [Fact]
    public void Find_Pattern_KeepsTheFoldersBelowItsFixedPart()
    {
        Pictures("in/a.dng", "in/x/b.dng", "in/x/y/c.dng", "in/x/d.jpg");
        InputSet found = Find("in/**/*.dng");
        Assert.Equal(["in/a.dng", "in/x/b.dng", "in/x/y/c.dng"], Names(found));
        Assert.Equal(["", "x", "x/y"], found.Photos.Select(photo => photo.RelativeFolder));
        Assert.Equal(["in/x/b.dng", "in/x/d.jpg"], Names(Find("in/?/*")));
    }

    [Fact]
    public void Find_FileWhoseNameLooksLikeAPattern_IsThatFile()
    {
        Pictures("in/a*.jpg", "in/ab.jpg");
        Assert.Equal(["in/a*.jpg"], Names(Find("in/a*.jpg")));
    }

    [Fact]
    public void Find_FileThatCannotBeRead_IsAProblem()
    {
        Pictures("in/a.jpg");
        File.CreateSymbolicLink(_temp["in/broken.jpg"], _temp["nowhere.jpg"]);

        InputSet found = Find("in");

        Assert.Equal(["in/a.jpg"], Names(found));
        Assert.Equal(_temp["in/broken.jpg"], Assert.Single(found.Problems).Path);
    }

    [Fact]
    public void Find_Canceled_Throws() =>
        Assert.Throws<OperationCanceledException>(
            () => InputDiscovery.Find([_temp.Path], _temp["out"], Header, new CancellationToken(canceled: true)));
}
