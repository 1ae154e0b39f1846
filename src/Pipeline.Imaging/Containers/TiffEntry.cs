namespace Pipeline.Imaging;

/// <summary>One entry of an image file directory.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Type">The field type, 1 to 13 (16 to 18 in BigTIFF).</param>
/// <param name="Count">The number of values.</param>
/// <param name="Offset">Where the values are.</param>
internal readonly record struct TiffEntry(ushort Tag, ushort Type, long Count, long Offset)
{
    /// <summary>Gets the bytes of one value; 0 for an unknown type.</summary>
    public int ValueBytes => Type switch
    {
        1 or 2 or 6 or 7 => 1,
        3 or 8 => 2,
        4 or 9 or 11 or 13 => 4,
        5 or 10 or 12 or 16 or 17 or 18 => 8,
        _ => 0,
    };
}
