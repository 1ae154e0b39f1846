namespace Pipeline.Imaging;

/// <summary>A strip or tile of a DNG file.</summary>
/// <param name="Left">Its first column on the sensor.</param>
/// <param name="Top">Its first row on the sensor.</param>
/// <param name="Width">Its samples in a row; may reach over the edge of the sensor.</param>
/// <param name="Height">Its rows; may reach over the edge of the sensor.</param>
/// <param name="Offset">Where it is in the file, in bytes.</param>
/// <param name="Bytes">How long it is in the file.</param>
internal readonly record struct DngBlock(int Left, int Top, int Width, int Height, long Offset, long Bytes);
