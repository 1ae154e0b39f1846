namespace Pipeline.Imaging;

/// <summary>How the colors of a RAW file's sensor are interpolated.</summary>
/// <remarks>
/// Only <see cref="Auto"/> and <see cref="Half"/> are methods of this package. Every other name asks for a method of LibRaw: without the package
/// Pipeline.Imaging.LibRaw, or another decoder that knows it, decoding fails with <see cref="PhotoFailure.NoRawDecoder"/>.
/// </remarks>
public enum Demosaic
{
    /// <summary>
    /// Half size when every target width is at most a quarter of the sensor's width (it is scaled down at least twice more, which hides its coarser color),
    /// otherwise the decoder's fast full-size method.
    /// </summary>
    Auto,

    /// <summary>Every 2 x 2 block of the sensor becomes one pixel: half the width and height. Fastest.</summary>
    Half,

    /// <summary>Bilinear at full size. Color fringes at edges.</summary>
    Linear,

    /// <summary>Patterned pixel grouping at full size: good and fast.</summary>
    Ppg,

    /// <summary>Variable number of gradients at full size. Slow.</summary>
    Vng,

    /// <summary>Adaptive homogeneity-directed at full size: the usual reference, about four times as slow as <see cref="Ppg"/>.</summary>
    Ahd,

    /// <summary>DCB at full size. Slow.</summary>
    Dcb,

    /// <summary>DHT at full size. Slow.</summary>
    Dht,

    /// <summary>Modified AHD at full size: the best and by far the slowest, with the largest memory.</summary>
    Aahd,
}
