using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Imaging;

/// <summary>Rows of a DNG file, read and decompressed when they are asked for, so that a sensor is never in memory as a whole.</summary>
/// <remarks>The window holds one row of blocks, or a few dozen rows when the samples are not compressed, and <see cref="SampleRows.Kept"/> rows above
/// them.</remarks>
internal sealed unsafe class DngRows : SampleRows
{
    // Enough for one read to be worth its call; little enough to stay in the cache until it is developed.
    private const int PlainRows = 64;
    private const int HeaderBytes = 4096;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly DngSensor _sensor;
    private readonly CancellationToken _cancellationToken;
    private readonly int _stride;
    private readonly int _blocksAcross;
    private readonly NativeSamples _window;
    private int _start; // first row in the window, in rows of the file
    private int _end; // the row behind the last one in the window

    /// <summary>Initializes a new instance of the <see cref="DngRows"/> class.</summary>
    /// <param name="file">The open file, left open.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="sensor">What its tags say.</param>
    /// <param name="first">The first row of the active area that will be asked for.</param>
    /// <param name="cancellationToken">Checked at each block.</param>
    public DngRows(SafeFileHandle file, string path, DngSensor sensor, int first, CancellationToken cancellationToken)
    {
        _file = file;
        _path = path;
        _sensor = sensor;
        _cancellationToken = cancellationToken;
        _stride = sensor.Image.RowStride;
        _blocksAcross = (_stride + sensor.Blocks[0].Width - 1) / sensor.Blocks[0].Width;
        int row = Math.Max(0, sensor.Image.Top + first);
        _start = _end = sensor.Compressed ? row / BlockHeight * BlockHeight : row;
        _window = new NativeSamples(WindowRows(sensor) * _stride);
    }

    private int BlockHeight => _sensor.Blocks[0].Height;

    /// <summary>Gets how many rows of a sensor are in memory at a time.</summary>
    public static int WindowRows(DngSensor sensor) =>
        Math.Min(sensor.Rows, Kept + (sensor.Compressed ? sensor.Blocks[0].Height : PlainRows));

    /// <summary>Tells whether the blocks are of a kind that is read here, by the header of the first one: writers make all alike.</summary>
    public static bool CanRead(SafeFileHandle file, DngSensor sensor)
    {
        if (!sensor.Compressed)
            return true;
        DngBlock block = sensor.Blocks[0];
        Span<byte> start = stackalloc byte[HeaderBytes];
        int read = RandomAccess.Read(file, start[..(int)Math.Min(block.Bytes, HeaderBytes)], block.Offset);
        return LosslessJpegHeader.TryRead(start[..read]) is { } header && Fits(header, block);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<ushort> Row(int row)
    {
        int wanted = _sensor.Image.Top + row;
        while (wanted >= _end)
            ReadOn();
        if (wanted < _start)
            throw new InvalidOperationException($"Row {row} is {_start - wanted} rows above the window.");
        return _window.GetSpan().Slice(((wanted - _start) * _stride) + _sensor.Image.Left, _sensor.Image.Width);
    }

    /// <inheritdoc/>
    public override void Dispose() => ((IDisposable)_window).Dispose();

    private static bool Fits(LosslessJpegHeader header, DngBlock block) =>
        header.Width * header.Components == block.Width && header.Height == block.Height;

    private void ReadOn()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        Span<ushort> window = _window.GetSpan();
        int kept = Math.Min(Kept, _end - _start);
        window.Slice((_end - _start - kept) * _stride, kept * _stride).CopyTo(window);
        _start = _end - kept;
        Span<ushort> free = window[(kept * _stride)..];
        if (_sensor.Compressed)
            _end += DecompressBlocks(free);
        else
            _end += ReadPlain(free, Math.Min(PlainRows, Math.Min(free.Length / _stride, _sensor.Rows - _end)));
    }

    private int ReadPlain(Span<ushort> target, int count)
    {
        for (int done = 0; done < count;)
        {
            int blockRow = (_end + done) / BlockHeight, inside = (_end + done) % BlockHeight;
            int rows = Math.Min(count - done, BlockHeight - inside);
            for (int i = 0; i < _blocksAcross; i++)
            {
                DngBlock block = _sensor.Blocks[(blockRow * _blocksAcross) + i];
                ReadRows(block, inside, rows, target[((done * _stride) + block.Left)..]);
            }

            done += rows;
        }

        return count;
    }

    private void ReadRows(DngBlock block, int inside, int rows, Span<ushort> target)
    {
        long rowBytes = (long)block.Width * sizeof(ushort), offset = block.Offset + (inside * rowBytes);
        if (block.Width == _stride)
        {
            ReadSamples(offset, target[..(rows * _stride)]);
            return;
        }

        int columns = Math.Min(block.Width, _stride - block.Left);
        for (int row = 0; row < rows; row++)
            ReadSamples(offset + (row * rowBytes), target.Slice(row * _stride, columns));
    }

    private void ReadSamples(long offset, Span<ushort> target)
    {
        ReadExactly(offset, MemoryMarshal.AsBytes(target));
        if (_sensor.LittleEndian != BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(target, target);
    }

    private int DecompressBlocks(Span<ushort> target)
    {
        int first = _end / BlockHeight * _blocksAcross, rows = Math.Min(BlockHeight, _sensor.Rows - _end);
        for (int number = first; number < first + _blocksAcross; number++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Decompress(_sensor.Blocks[number], number, target[_sensor.Blocks[number].Left..], rows);
        }

        return rows;
    }

    private void Decompress(DngBlock block, int number, Span<ushort> target, int rows)
    {
        int bytes = (int)block.Bytes;
        byte[] stream = ArrayPool<byte>.Shared.Rent((2 * bytes) + LosslessJpegDecoder.Slack);
        try
        {
            Span<byte> encoded = stream.AsSpan(0, bytes), bits = stream.AsSpan(bytes);
            ReadExactly(block.Offset, encoded);
            string? wrong = "its header is damaged";
            if (LosslessJpegHeader.TryRead(encoded) is { } header && Fits(header, block))
            {
                int count = LosslessJpegDecoder.Unstuff(encoded[header.DataAt..], bits);
                wrong = LosslessJpegDecoder.Decode(
                    header,
                    bits[..(count + LosslessJpegDecoder.Slack)],
                    count,
                    target,
                    _stride,
                    Math.Min(block.Width, _stride - block.Left),
                    rows);
            }

            if (wrong is not null)
                throw new PhotoException(
                    _path,
                    PhotoFailure.Damaged,
                    $"The sensor data of '{_path}' is damaged in block {number + 1} at byte {block.Offset}: {wrong}. Copy the file "
                        + "again from its source.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stream);
        }
    }

    private void ReadExactly(long offset, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(_file, target, offset);
            if (read == 0)
                throw new PhotoException(
                    _path,
                    PhotoFailure.Damaged,
                    $"'{_path}' ends at byte {offset}, {target.Length} bytes before the end of a block of sensor data. Copy the file "
                        + "again from its source.");
            target = target[read..];
            offset += read;
        }
    }
}
