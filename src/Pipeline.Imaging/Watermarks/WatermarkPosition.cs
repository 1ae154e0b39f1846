namespace Pipeline.Imaging;

/// <summary>Where a watermark is laid.</summary>
public enum WatermarkPosition
{
    /// <summary>Top left corner.</summary>
    TopLeft,

    /// <summary>Middle of the top edge.</summary>
    Top,

    /// <summary>Top right corner.</summary>
    TopRight,

    /// <summary>Middle of the left edge.</summary>
    Left,

    /// <summary>Middle of the picture.</summary>
    Center,

    /// <summary>Middle of the right edge.</summary>
    Right,

    /// <summary>Bottom left corner.</summary>
    BottomLeft,

    /// <summary>Middle of the bottom edge.</summary>
    Bottom,

    /// <summary>Bottom right corner.</summary>
    BottomRight,
}
