using NetVips;

namespace Pipeline.Imaging;

/// <summary>Says which metadata an encoder writes.</summary>
internal static class MetadataKeep
{
    /// <summary>The EXIF block when the image carries one, else nothing: encoders would write one of their own with resolution and orientation.</summary>
    public static Enums.ForeignKeep For(Image image) => image.Contains("exif-data") ? Enums.ForeignKeep.Exif : Enums.ForeignKeep.None;
}
