namespace Pipeline.Imaging;

/// <summary>Develops a band of rows at full size, row by row, with the few rows around it that the interpolation looks at.</summary>
/// <remarks>
/// With row f just scaled, color minus green is estimated for row f - 2, blended for row f - 4, and row f - 5 is finished. Every row depends on the sensor
/// samples alone, never on the band that it is in, so all partitions make the same bytes.
/// </remarks>
internal unsafe ref struct BandDeveloper
{
    private const int EstimateLag = 2;
    private const int BlendLag = 4;
    private const int FinishLag = 5;
    private const int ScratchRows = 8 + 8 + 4 + 4 + 4 + 4 + 2 + 8;
    private readonly SensorImage _image;
    private readonly SampleRows _rows;
    private readonly SampleScaler _scaler;
    private readonly ColorMatrix _matrix;
    private readonly bool _vectors;
    private readonly int _sites;
    private readonly RowRing _even;
    private readonly RowRing _odd;
    private readonly RowRing _alongRow;
    private readonly RowRing _alongColumn;
    private readonly RowRing _gradient;
    private readonly RowRing _difference;
    private readonly RowRing _green;
    private readonly Planes _chromaSites;
    private readonly Planes _greenSites;
    private bool _begun;
    private int _front; // the row that is scaled next

    public BandDeveloper(SensorImage image, SampleRows rows, SampleScaler scaler, short* scratch, bool vectors)
    {
        _image = image;
        _rows = rows;
        _scaler = scaler;
        _vectors = vectors;
        _matrix = new ColorMatrix(image.CameraToSrgb);
        _sites = (image.Width + 1) / 2;
        int stride = RowRing.StrideFor(_sites);
        _even = RowRing.Take(ref scratch, stride, 8);
        _odd = RowRing.Take(ref scratch, stride, 8);
        _alongRow = RowRing.Take(ref scratch, stride, 4);
        _alongColumn = RowRing.Take(ref scratch, stride, 4);
        _gradient = RowRing.Take(ref scratch, stride, 4);
        _difference = RowRing.Take(ref scratch, stride, 4);
        _green = RowRing.Take(ref scratch, stride, 2);
        RowRing planes = RowRing.Take(ref scratch, stride, 8);
        _chromaSites = new Planes(planes[0], planes[1], planes[2]);
        _greenSites = new Planes(planes[3], planes[4], planes[5]);
    }

    /// <summary>Gets the first row of samples that a band looks at.</summary>
    public static int FirstRow(int from) => Math.Max(0, from - FinishLag);

    /// <summary>Gets the samples of scratch memory that a band needs.</summary>
    public static int ScratchSamples(int width) => RowRing.StrideFor((width + 1) / 2) * ScratchRows;

    /// <summary>Develops rows; further calls go on where the last one ended.</summary>
    public void Develop(int from, int to, PixelWriter writer, CancellationToken cancellationToken)
    {
        if (!_begun)
            _front = from - FinishLag;
        _begun = true;
        for (; _front < to + FinishLag; _front++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _scaler.Scale(_rows, _front, _even[_front], _odd[_front]);
            Estimate(_front - EstimateLag);
            Blend(_front - BlendLag);
            int row = _front - FinishLag;
            if (row >= from)
                Finish(row, writer);
        }
    }

    private readonly int Phase(int row) => _image.Pattern.FirstChromaColumn(row);
    private readonly short* Chroma(int row) => Phase(row) == 0 ? _even[row] : _odd[row];
    private readonly short* Green(int row) => Phase(row) == 0 ? _odd[row] : _even[row];

    private readonly void Estimate(int row) => DirectionalDifference.Estimate(
        -3,
        _sites + 3,
        Phase(row),
        new Neighbors(Chroma(row - 2), Chroma(row), Chroma(row + 2)),
        new Neighbors(Green(row - 1), Green(row), Green(row + 1)),
        _alongRow[row],
        _alongColumn[row],
        _alongColumn[row - 2],
        _gradient[row - 2],
        _vectors);

    private readonly void Blend(int row) => DifferenceBlend.Blend(
        -1,
        _sites + 1,
        Phase(row),
        Chroma(row),
        new Neighbors(_alongRow[row - 1], _alongRow[row], _alongRow[row + 1]),
        _alongColumn[row],
        new Neighbors(_gradient[row - 2], _gradient[row - 1], _gradient[row]),
        _difference[row],
        _green[row],
        _vectors);

    private readonly void Finish(int row, PixelWriter writer)
    {
        int phase = Phase(row);
        ColorReconstruction.Reconstruct(
            _sites,
            phase,
            _image.Pattern.IsRedRow(row),
            _green[row],
            Green(row),
            new Neighbors(_difference[row - 1], _difference[row], _difference[row + 1]),
            _matrix,
            _chromaSites,
            _greenSites,
            _vectors);
        if (phase == 0)
            writer.Write(row, _chromaSites, _greenSites);
        else
            writer.Write(row, _greenSites, _chromaSites);
    }
}
