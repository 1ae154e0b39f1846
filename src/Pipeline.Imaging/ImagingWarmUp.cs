using NetVips;

namespace Pipeline.Imaging;

/// <summary>Takes the cost of the first photo early: loading libvips and compiling the kernels. Thread-safe.</summary>
/// <remarks>
/// The first photo of a process waits some 0.2 s for the just-in-time compiler, and all workers wait for it together. A program that reads options and lists
/// files first can have that done on another core meanwhile: <c>_ = Task.Run(ImagingWarmUp.Run);</c>. It changes no result and need not be waited for.
/// </remarks>
public static class ImagingWarmUp
{
    private const int Edge = 64;
    private const int Precision = 14;

    /// <summary>Develops, resizes and encodes a gray picture of 64 x 64 pixels in memory.</summary>
    /// <exception cref="PhotoException">The native imaging library cannot be loaded (<see cref="PhotoFailure.NoImagingLibrary"/>).</exception>
    public static void Run()
    {
        ushort[] samples = new ushort[Edge * Edge];
        samples.AsSpan().Fill(1 << (Precision - 2));
        byte[] stream = LosslessJpegEncoder.Encode(samples, Edge, Edge, Precision);
        byte[] bits = new byte[stream.Length + LosslessJpegDecoder.Slack];
        LosslessJpegHeader header = LosslessJpegHeader.TryRead(stream)!;
        int count = LosslessJpegDecoder.Unstuff(stream.AsSpan(header.DataAt), bits);
        _ = LosslessJpegDecoder.Decode(header, bits, count, samples, Edge, Edge, Edge);
        SensorImage image = new()
        {
            Samples = samples,
            RowStride = Edge,
            Width = Edge,
            Height = Edge,
            Pattern = BayerPattern.Rggb,
            BlackLevels = [0, 0, 0, 0],
            WhiteLevel = (1 << Precision) - 1,
            WhiteBalance = [1, 1, 1],
            CameraToSrgb = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        };
        Libvips.EnsureReady();
        using Image full = PixelImage.From(SensorDeveloper.Develop(image));
        using Image resized = full.Resize(0.3, kernel: Enums.Kernel.Lanczos3);
        using Image pixels = resized.CopyMemory();
        _ = new JpegFormat().Encode(pixels);
    }
}
