namespace Pipeline.Imaging;

/// <summary>The colors of the top left 2 x 2 block of a sensor, row by row.</summary>
public enum BayerPattern
{
    /// <summary>Red green, green blue.</summary>
    Rggb,

    /// <summary>Blue green, green red.</summary>
    Bggr,

    /// <summary>Green red, blue green.</summary>
    Grbg,

    /// <summary>Green blue, red green.</summary>
    Gbrg,
}
