using Pipeline.Cases.Tests.Photos;

namespace Pipeline.Cases.Tests;

/// <summary>The list of known failures itself.</summary>
public sealed class KnownFailuresTests
{
    [Fact]
    public void KnownFailures_RowsOfMadePhotos_NameACase()
    {
        HashSet<string> names =
        [
            .. TiffKindTests.Names.Select(static row => "tiff/" + row.Data), .. DngKindTests.Names.Select(static row => "dng/" + row.Data), .. JpegKindTests.Names.Select(static row => "jpeg/" + row.Data),
            .. PngAndWebpKindTests.Names.Select(static row => "png/" + row.Data), .. UnknownFormatTests.Kinds.Select(static row => "format/" + row.Data), .. UnknownFormatTests.Broken.Select(static row => "broken/" + row.Data),
        ];
        string[] kinds = [.. names.Select(static name => name.Split('/')[0]).Distinct()];
        Assert.DoesNotContain(Known.Rows, row => kinds.Contains(row.Split('/')[0]) && !names.Contains(row));
    }
}
