using System.Runtime.InteropServices;

namespace Pipeline.Imaging;

/// <summary>Develops one sensor image, on the calling thread and on those of workers that have nothing to do.</summary>
internal sealed unsafe class BandJob
{
    private const int Alignment = 64;
    private readonly SensorImage _image;
    private readonly OpenSampleRows _open;
    private readonly byte* _target;
    private readonly SensorDevelopOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly SampleScaler _scaler;
    private readonly RowShare _share;
    private readonly SpareThreads _spareThreads;
    private readonly int _width;
    private readonly int _height;

    /// <summary>Initializes a new instance of the <see cref="BandJob"/> class.</summary>
    /// <param name="image">The sensor image.</param>
    /// <param name="open">Opens its samples, once for each range of rows.</param>
    /// <param name="target">The whole picture, oriented, row-major, 3 bytes per pixel.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Checked at each row.</param>
    public BandJob(SensorImage image, OpenSampleRows open, byte* target, SensorDevelopOptions options, CancellationToken cancellationToken)
    {
        _image = image;
        _open = open;
        _target = target;
        _options = options;
        _cancellationToken = cancellationToken;
        _scaler = new SampleScaler(image, options.Vectors);
        (_width, _height) = options.HalfSize ? (image.Width / 2, image.Height / 2) : (image.Width, image.Height);
        _share = new RowShare(_height);
        _spareThreads = new SpareThreads(options.SpareWorkers ?? (() => options.Bands - 1), () => Work(isOwner: false));
    }

    /// <summary>Develops all rows.</summary>
    public void Run()
    {
        try
        {
            // A helper may have left rows behind after the owner had found nothing to do, and so may the one that helps with those.
            do
            {
                Work(isOwner: true);
                _spareThreads.Join();
            }
            while (_share.HasRows);
        }
        catch
        {
            _share.Stop();
            JoinQuietly();
            throw;
        }
    }

    private void JoinQuietly()
    {
        try
        {
            _spareThreads.Join();
        }
#pragma warning disable CA1031 // The owner's own failure is the one that is told.
        catch
        {
            // Nothing runs any more; that is all that counts here.
        }
#pragma warning restore CA1031
    }

    private void Work(bool isOwner)
    {
        int samples = _options.HalfSize ? SuperpixelDeveloper.ScratchSamples(_image.Width) : BandDeveloper.ScratchSamples(_image.Width);
        nuint scratchBytes = (nuint)samples * sizeof(short), stripBytes = (nuint)PixelWriter.StripBytes(_width, _image.Orientation);
        byte* scratch = null;
        try
        {
            while ((isOwner || !_spareThreads.AreTooMany) && _share.Take() is { } range)
            {
                if (scratch is null)
                    scratch = (byte*)NativeMemory.AlignedAlloc(scratchBytes + stripBytes, Alignment);
                // The kernels read a few samples that no step has written yet; their results are never used, but they must not vary.
                NativeMemory.Clear(scratch, scratchBytes);
                Develop(range, (short*)scratch, scratch + scratchBytes, isOwner);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(scratch);
        }
    }

    private void Develop(RowShare.Range range, short* scratch, byte* strip, bool isOwner)
    {
        if (!_share.TryNext(range, out int from, out int to))
            return;
        PixelWriter writer = new(_target, strip, _width, _height, _image.Orientation);
        using SampleRows rows = _open(_options.HalfSize ? 2 * from : BandDeveloper.FirstRow(from));
        BandDeveloper developer = _options.HalfSize ? default : new BandDeveloper(_image, rows, _scaler, scratch, _options.Vectors);
        do
        {
            if (isOwner)
                _spareThreads.Invite();
            if (_options.HalfSize)
                SuperpixelDeveloper.Develop(_image, rows, _scaler, scratch, from, to, writer, _options.Vectors, _cancellationToken);
            else
                developer.Develop(from, to, writer, _cancellationToken);
            if (!isOwner && _spareThreads.AreTooMany)
            {
                _share.Leave(range);
                break;
            }
        }
        while (_share.TryNext(range, out from, out to));
        writer.Flush();
    }
}
