namespace Pipeline.Imaging.LibRaw.Develop;

/// <summary>The data of a plain Bayer sensor and all that is needed to make a picture of it.</summary>
internal sealed unsafe class BayerSensor
{
    /// <summary>Gets the value at the top left of the visible area. Owned by somebody else.</summary>
    public required ushort* Values { get; init; }

    /// <summary>Gets the values from one row to the next.</summary>
    public required int Pitch { get; init; }

    /// <summary>Gets the width of the visible area in pixels, 8 or more.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the height of the visible area in pixels, 8 or more.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the colors (0 red, 1 green, 2 blue) of the top left 2 x 2 block, row by row.</summary>
    public required int[] Colors { get; init; }

    /// <summary>Gets the values of no light in the top left 2 x 2 block.</summary>
    public required float[] Black { get; init; }

    /// <summary>Gets the factors in the top left 2 x 2 block that bring the light to white balance; 1 is the brightest output.</summary>
    public required float[] Scale { get; init; }

    /// <summary>Gets the matrix from the balanced camera colors to linear sRGB, row by row.</summary>
    public required float[] ToSrgb { get; init; }

    /// <summary>Gets how the picture is turned upright: 1 mirrors columns, 2 mirrors rows, 4 swaps both, in this order backwards (as LibRaw's flip).</summary>
    public required int Flip { get; init; }
}
