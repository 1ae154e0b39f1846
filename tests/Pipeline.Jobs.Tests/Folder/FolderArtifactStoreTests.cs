using System.Text;

namespace Pipeline.Jobs.Tests;

public sealed class FolderArtifactStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-folder-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Put_NewName_CanBeReadAndFound()
    {
        FolderArtifactStore store = new(_folder.FullName);

        ArtifactInfo? info = await store.PutAsync("acme/inputs/a b.txt", Bytes("hello"), "text/plain", 5, default);

        Assert.Equal(new ArtifactInfo("acme/inputs/a b.txt", 5, "text/plain", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"), info);
        Assert.Equal(info, await store.FindAsync("acme/inputs/a b.txt", default));
        using Stream stream = (await store.OpenReadAsync("acme/inputs/a b.txt", default))!;
        stream.Seek(3, SeekOrigin.Begin);
        Assert.Equal("lo", await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task Put_TakenName_KeepsTheFirst()
    {
        FolderArtifactStore store = new(_folder.FullName);
        await store.PutAsync("acme/a", Bytes("first"), "text/plain", null, default);

        Assert.Null(await store.PutAsync("acme/a", Bytes("second"), "text/plain", null, default));

        using StreamReader reader = new((await store.OpenReadAsync("acme/a", default))!);
        Assert.Equal("first", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Put_SameNameFromManyAtOnce_KeepsOneWhole()
    {
        FolderArtifactStore store = new(_folder.FullName);

        ArtifactInfo?[] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () => await store.PutAsync("acme/a", Bytes(new string((char)('a' + i), 100_000)), "text/plain", null, default)))).OrHang();

        Assert.Single(results, result => result is not null);
        using StreamReader reader = new((await store.OpenReadAsync("acme/a", default))!);
        string text = await reader.ReadToEndAsync();
        Assert.Equal(new string(text[0], 100_000), text);
    }

    [Fact]
    public async Task Put_TooLarge_LeavesNothing()
    {
        FolderArtifactStore store = new(_folder.FullName);

        await Assert.ThrowsAsync<ArtifactTooLargeException>(async () => await store.PutAsync("acme/a", Bytes("123456"), "text/plain", 5, default));

        Assert.Null(await store.FindAsync("acme/a", default));
        Assert.Empty(Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("acme/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("acme//a")]
    [InlineData("acme/.partial")]
    [InlineData("acme/a\\b")]
    [InlineData("acme/a\nb")]
    [InlineData("acme/a\u202Egpj.exe")]
    [InlineData("acme/a.facts")]
    [InlineData("")]
    [InlineData("C:/x")]
    public async Task AnyCall_NameThatIsNotAllowed_Throws(string name)
    {
        FolderArtifactStore store = new(_folder.FullName);

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.PutAsync(name, Bytes("x"), "text/plain", null, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.OpenReadAsync(name, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.FindAsync(name, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.DeleteAsync(name, default));
    }

    [Fact]
    public async Task Find_FactsMissing_SaysWhatTheFileSays()
    {
        FolderArtifactStore store = new(_folder.FullName);
        await store.PutAsync("acme/a", Bytes("hello"), "text/plain", null, default);
        File.Delete(Path.Combine(_folder.FullName, "acme", "a.facts"));

        ArtifactInfo? info = await store.FindAsync("acme/a", default);

        Assert.Equal((5L, "application/octet-stream"), (info!.Bytes, info.ContentType));
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
