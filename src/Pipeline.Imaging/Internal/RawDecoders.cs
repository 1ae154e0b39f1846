namespace Pipeline.Imaging.Internal;

/// <summary>Finds the RAW decoder of the package Pipeline.Imaging.LibRaw, so that referencing the package is enough.</summary>
internal static class RawDecoders
{
    private static readonly Lazy<IRawDecoder?> Found = new(Find, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Gets the decoder; null when the application does not reference the package.</summary>
    public static IRawDecoder? Default => Found.Value;

    // The constant name lets the trimmer keep the type.
    private static IRawDecoder? Find() =>
        Type.GetType("Pipeline.Imaging.LibRaw.LibRawDecoder, Pipeline.Imaging.LibRaw", throwOnError: false) is { } type
            ? (IRawDecoder?)Activator.CreateInstance(type)
            : null;
}
