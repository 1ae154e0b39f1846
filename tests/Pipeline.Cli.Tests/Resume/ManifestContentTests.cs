using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Cli.Tests.Resume;

public sealed class ManifestContentTests
{
    private static FinishedPhoto Photo(string source, int outputs) => new(
        source, source.Length, 638_000_000_000_000_000, "0123456789abcdef",
        [.. Enumerable.Range(0, outputs).Select(index => new FinishedOutput($"sub/ä \"{index}\"_256.jpg", 256, 256, 171, "jpeg", 1000 + index, new string('f', 64)))]);

    private static string[] Sources(ManifestContent content) => [.. content.Photos.Select(photo => photo.Source)];

    // Every prefix of every manifest: this is what a kill at any byte leaves.
    [Property(MaxTest = 30)]
    public Property Read_AnyPrefix_GivesExactlyTheCompleteRecords()
    {
        Gen<FinishedPhoto> photo =
            from source in Gen.Elements("/photos/a.dng", "/photos/line\nfeed.nef", "/ü/日本.cr3", "/x\"y\\z.jpg")
            from outputs in Gen.Choose(0, 3)
            select Photo(source, outputs);
        return Prop.ForAll(photo.ListOf(3).ToArbitrary(), photos =>
        {
            byte[][] lines = [.. photos.Select(ManifestLine.Write)];
            byte[] whole = [.. lines.SelectMany(line => line)];
            for (int length = 0; length <= whole.Length; length++)
            {
                int complete = 0;
                int end = 0;
                while (complete < lines.Length && end + lines[complete].Length <= length)
                    end += lines[complete++].Length;
                ManifestContent content = ManifestContent.Read(whole.AsSpan(0, length));
                Assert.Equal(photos.Take(complete).Select(photo => photo.Source), Sources(content));
                Assert.Equal(end, content.CompleteLength);
                Assert.Equal(0, content.DamagedLines);
            }
        });
    }

    [Fact]
    public void Read_Record_GivesItBackWhole()
    {
        FinishedPhoto photo = Photo("/photos/a.dng", 3);
        FinishedPhoto read = Assert.Single(ManifestContent.Read(ManifestLine.Write(photo)).Photos);
        Assert.Equal(photo.Outputs, read.Outputs);
        Assert.Equal(photo with { Outputs = [] }, read with { Outputs = [] });
    }

    [Fact]
    public void Read_AnyByteChanged_LosesOnlyThatRecord()
    {
        byte[] first = ManifestLine.Write(Photo("/a", 1));
        byte[] second = ManifestLine.Write(Photo("/b", 1));
        for (int index = 0; index < first.Length - 1; index++)
        {
            byte[] whole = [.. first, .. second];
            whole[index] ^= 1;
            Assert.Equal(["/b"], Sources(ManifestContent.Read(whole)));
        }
    }

    [Fact]
    public void Read_OtherText_IsCountedAsDamaged()
    {
        ManifestContent content = ManifestContent.Read("hello\n\n1 0123456789abcdef {}\n"u8);
        Assert.Empty(content.Photos);
        Assert.Equal(3, content.DamagedLines);
    }
}
