namespace Pipeline.Cases.Tests;

/// <summary>What may come of a photo.</summary>
internal sealed record Rule
{
    public bool MayGivePicture { get; init; }

    public bool MayFail { get; init; }

    /// <summary>Gets words of which a failure must say one; none when any text is right.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    public IReadOnlyList<string> SaysNot { get; init; } = [];

    /// <summary>Gets the colors of the quadrants.</summary>
    public IReadOnlyList<(byte R, byte G, byte B)> Colors { get; init; } = Mosaic.Quadrants;

    /// <summary>Gets colors that are right as well; none for no others.</summary>
    public IReadOnlyList<(byte R, byte G, byte B)> OtherColors { get; init; } = [];

    public int Tolerance { get; init; } = 10;

    /// <summary>Gets the sizes that are right, as WIDTHxHEIGHT; none for any.</summary>
    public IReadOnlyList<string> Sizes { get; init; } = [];

    /// <summary>Gets whether a picture must come with a warning that names the file.</summary>
    public bool Warns { get; init; }

    /// <summary>The right picture and nothing else.</summary>
    public static Rule Picture { get; } = new() { MayGivePicture = true };

    /// <summary>A failure that calls the file damaged.</summary>
    public static Rule Damaged { get; } = new() { MayFail = true };

    /// <summary>The right picture, or a failure that says what is not supported.</summary>
    public static Rule PictureOrUnsupported(params string[] says) => new() { MayGivePicture = true, MayFail = true, Says = says, SaysNot = ["Copy it again", "damaged", "defect"] };

    /// <summary>A failure that says what is not supported.</summary>
    public static Rule Unsupported(params string[] says) => PictureOrUnsupported(says) with { MayGivePicture = false };

    /// <summary>The right picture with a warning: the file is damaged in a way that loses nothing, or next to nothing.</summary>
    public static Rule PictureWithWarning { get; } = Picture with { Warns = true };
}
