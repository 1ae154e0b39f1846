using System.Diagnostics;

namespace Pipeline.Imaging.Tests.Storing;

public sealed class FileStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutAsync_NewFolder_StoresTheBytesAndNothingElse()
    {
        using Scratch scratch = new();
        string path = await new FileStore(scratch.File("out")).PutAsync("a/b/c_10.jpg", new byte[] { 1, 2, 3 }, "/in/c.jpg", Token);
        Assert.Equal(Path.Combine(scratch.File("out"), "a", "b", "c_10.jpg"), path);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(path, Token));
        Assert.Equal([path], Directory.GetFiles(scratch.File("out"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task PutAsync_ExistingOutput_IsReplacedWhole()
    {
        using Scratch scratch = new();
        FileStore store = new(scratch.Folder);
        await store.PutAsync("a.jpg", new byte[1000], "/in/a.jpg", Token);
        string path = await store.PutAsync("a.jpg", new byte[] { 9 }, "/in/a.jpg", Token);
        Assert.Equal([9], await File.ReadAllBytesAsync(path, Token));
    }

    [Fact]
    public async Task PutAsync_OntoAnInput_IsRefusedAndTheInputStays()
    {
        using Scratch scratch = new();
        string source = scratch.Write("a_10.jpg", [7]), other = scratch.Write("b_10.jpg", [8]), link = scratch.File("link.jpg");
        File.CreateSymbolicLink(link, source);
        FileStore store = new(scratch.Folder) { ProtectedFiles = new HashSet<string> { other } };
        foreach ((string name, string from) in ((string, string)[])[("a_10.jpg", source), ("a_10.jpg", link), ("x/../a_10.jpg", source),
            ("b_10.jpg", source)])
        {
            PhotoException error =
                await Assert.ThrowsAsync<PhotoException>(async () => await store.PutAsync(name, new byte[] { 1 }, from, Token));
            Assert.Equal(PhotoFailure.OutputIsInput, error.Reason);
        }

        Assert.Equal([7], await File.ReadAllBytesAsync(source, Token));
        Assert.Equal([8], await File.ReadAllBytesAsync(other, Token));
    }

    [Fact]
    public async Task PutAsync_NameThatLeadsOut_IsRefused()
    {
        using Scratch scratch = new();
        foreach (string name in (string[])["../a.jpg", "/etc/a.jpg", "x/../../a.jpg"])
        {
            PhotoException error = await Assert.ThrowsAsync<PhotoException>(
                async () => await new FileStore(scratch.File("out")).PutAsync(name, new byte[1], "/in/a.jpg", Token));
            Assert.Equal(PhotoFailure.StoreFailed, error.Reason);
        }
    }

    [Fact]
    public async Task PutAsync_StaleTemporaries_AreDeletedAndLivingOnesStay()
    {
        using Scratch scratch = new();
        string stale = scratch.Write(".a_10.jpg.0123.pipeline-tmp", [1]), living = scratch
            .Write(".b_10.jpg.4567.pipeline-tmp", [1]), foreign = scratch
            .Write(".c.tmp", [1]);
        await using FileStream held = new(living, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await new FileStore(scratch.Folder).PutAsync("d.jpg", new byte[1], "/in/d.jpg", Token);
        Assert.False(File.Exists(stale));
        Assert.True(File.Exists(living));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public async Task PutAsync_FirstOutputsAtOnce_AllAreStored()
    {
        // The clean-up before the first output must not take the file that a neighbor has written and is about to rename.
        const int Rounds = 150, Writers = 16;
        using Scratch scratch = new();
        for (int round = 0; round < Rounds; round++)
        {
            FileStore store = new(scratch.File($"{round}"));
            using Barrier start = new(Writers);
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(Token);
                    store.PutAsync($"{writer}.jpg", new byte[] { (byte)writer }, "/in/a.jpg", Token).AsTask().GetAwaiter().GetResult();
                },
                Token,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.Equal(
                Enumerable.Range(0, Writers).Select(writer => $"{writer}.jpg").Order(StringComparer.Ordinal),
                Directory.GetFiles(store.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task PutAsync_Canceled_LeavesNothing()
    {
        using Scratch scratch = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await new FileStore(scratch.Folder).PutAsync("a.jpg", new byte[1], "/in/a.jpg", new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Folder));
    }

    [Fact]
    public async Task PutAsync_FolderThatIsAFile_IsATypedError()
    {
        using Scratch scratch = new();
        string file = scratch.Write("out", [1]);
        PhotoException error = await Assert.ThrowsAsync<PhotoException>(
            async () => await new FileStore(file).PutAsync("a.jpg", new byte[1], "/in/a.jpg", Token));
        Assert.Equal(PhotoFailure.StoreFailed, error.Reason);
        Assert.Contains(file, error.Message);
    }

    [Fact]
    public async Task PutAsync_FullDisk_FailsWithoutAPartialFile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Mounting a small file system needs root on Linux.");
        using Scratch scratch = new();
        string disk = Directory.CreateDirectory(scratch.File("disk")).FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk) == 0, "A small file system cannot be mounted here.");
        try
        {
            FileStore store = new(disk);
            string first = await store.PutAsync("a.jpg", new byte[20_000], "/in/a.jpg", Token);
            PhotoException error =
                await Assert.ThrowsAsync<PhotoException>(async () => await store.PutAsync("b.jpg", new byte[200_000], "/in/b.jpg", Token));
            Assert.Equal(PhotoFailure.StoreFailed, error.Reason);
            Assert.Equal([first], Directory.GetFiles(disk));
        }
        finally
        {
            Run("umount", disk);
        }

        static int Run(string file, params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
            process.WaitForExit(30_000);
            return process.ExitCode;
        }
    }

    [Fact]
    public void StoreIn_Pixels_SaysThatEncodeIsMissing()
    {
        using Scratch scratch = new();
        using Photo photo =
            new("a.jpg", "jpeg", 4, 4, PhotoMetadata.None, [new Rendition(4, Pictures.Solid(4, 4, 1, 1, 1).CopyMemory())]);
        InvalidOperationException error =
            Assert.Throws<InvalidOperationException>(() => Drive.Run(new StoreIn(new FileStore(scratch.Folder)), photo));
        Assert.Contains("Encode", error.Message);
    }

    [Fact]
    public void StoreIn_Outputs_TellWhatIsOnDisk()
    {
        using Scratch scratch = new();
        Photo photo =
            new("/in/sub/a.nef", "raw", 8, 6, PhotoMetadata.None, [new Rendition(16, 8, 6, new PngFormat(), new byte[] { 1, 2, 3 })]);
        StoredPhoto stored =
            Drive.Run(new StoreIn(new FileStore(scratch.Folder), source => "sub/" + Path.GetFileNameWithoutExtension(source)), photo);
        Assert.Equal(
            new StoredOutput(
                Path.Combine(scratch.Folder, "sub", "a_16.png"),
                16,
                8,
                6,
                "png",
                3,
                "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"),
            Assert.Single(stored.Outputs));
        Assert.Equal(0, photo.WeightBytes);
    }
}
