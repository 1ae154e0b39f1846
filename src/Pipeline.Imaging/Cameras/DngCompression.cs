namespace Pipeline.Imaging;

/// <summary>How a DNG file holds its sensor data.</summary>
public enum DngCompression
{
    /// <summary>16 bits per value, one strip.</summary>
    None,

    /// <summary>Lossless JPEG (ITU-T T.81 annex H, predictor 1) in tiles of 512 x 512, as cameras and converters write it.</summary>
    LosslessJpeg,
}
