namespace Pipeline.Imaging;

/// <summary>The RAW decoder that is used unless another one is set: plain DNG files are decoded here, all others by the package Pipeline.Imaging.LibRaw, for
/// which a reference is enough.</summary>
internal static class RawDecoders
{
    private static readonly Lazy<IRawDecoder> s_made =
        new(() => new DevelopingRawDecoder(Find()), LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Gets the decoder.</summary>
    public static IRawDecoder Default => s_made.Value;

    // The constant name lets the trimmer keep the type.
    private static IRawDecoder? Find() =>
        Type.GetType("Pipeline.Imaging.LibRaw.LibRawDecoder, Pipeline.Imaging.LibRaw", throwOnError: false) is { } type
            ? (IRawDecoder?)Activator.CreateInstance(type)
            : null;
}
