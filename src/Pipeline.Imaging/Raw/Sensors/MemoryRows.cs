namespace Pipeline.Imaging;

/// <summary>Rows of samples that are all in memory.</summary>
internal sealed class MemoryRows(SensorImage image) : SampleRows
{
    public override ReadOnlySpan<ushort> Row(int row) =>
        image.Samples.Span.Slice(((image.Top + row) * image.RowStride) + image.Left, image.Width);

    public override void Dispose()
    {
        // The memory belongs to the one who made the image.
    }
}
