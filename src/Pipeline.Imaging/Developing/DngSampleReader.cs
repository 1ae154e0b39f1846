using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Imaging.Developing;

/// <summary>Reads the samples of a DNG file, block by block, into native memory. The file itself is never in memory as a whole.</summary>
internal static class DngSampleReader
{
    /// <summary>Reads all samples.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="sensor">What its tags say.</param>
    /// <param name="cancellationToken">Checked at each block.</param>
    /// <returns>The samples, which the caller disposes; null when the blocks are lossless JPEG of a kind that is not read here.</returns>
    /// <exception cref="PhotoException">The data is damaged (<see cref="PhotoFailure.Damaged"/>).</exception>
    public static NativeSamples? TryRead(SafeFileHandle file, string path, DngSensor sensor, CancellationToken cancellationToken)
    {
        int width = sensor.Image.RowStride;
        var samples = new NativeSamples(width * sensor.Rows);
        try
        {
            for (int i = 0; i < sensor.Blocks.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DngBlock block = sensor.Blocks[i];
                Span<ushort> target = samples.GetSpan()[((block.Top * width) + block.Left)..];
                int columns = Math.Min(block.Width, width - block.Left), rows = Math.Min(block.Height, sensor.Rows - block.Top);
                if (!sensor.Compressed)
                    ReadPlain(file, path, block, sensor.LittleEndian, target, width, columns, rows);
                else if (!TryDecode(file, path, block, i, target, width, columns, rows))
                {
                    ((IDisposable)samples).Dispose();
                    return null;
                }
            }

            return samples;
        }
        catch
        {
            ((IDisposable)samples).Dispose();
            throw;
        }
    }

    private static void ReadPlain(SafeFileHandle file, string path, DngBlock block, bool littleEndian, Span<ushort> target, int stride, int columns, int rows)
    {
        if (block.Width == stride)
        {
            Span<ushort> all = target[..(rows * stride)];
            ReadExactly(file, path, block.Offset, MemoryMarshal.AsBytes(all));
            if (littleEndian != BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(all, all);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            Span<ushort> line = target.Slice(row * stride, columns);
            ReadExactly(file, path, block.Offset + ((long)row * block.Width * sizeof(ushort)), MemoryMarshal.AsBytes(line));
            if (littleEndian != BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(line, line);
        }
    }

    private static bool TryDecode(SafeFileHandle file, string path, DngBlock block, int number, Span<ushort> target, int stride, int columns, int rows)
    {
        int bytes = (int)block.Bytes;
        byte[] stream = ArrayPool<byte>.Shared.Rent((2 * bytes) + LosslessJpegDecoder.Slack);
        try
        {
            Span<byte> encoded = stream.AsSpan(0, bytes), bits = stream.AsSpan(bytes);
            ReadExactly(file, path, block.Offset, encoded);
            if (LosslessJpegHeader.TryRead(encoded) is not { } header || header.Width * header.Components != block.Width || header.Height != block.Height)
                return false;
            int count = LosslessJpegDecoder.Unstuff(encoded[header.DataAt..], bits);
            string? wrong = LosslessJpegDecoder.Decode(header, bits[..(count + LosslessJpegDecoder.Slack)], count, target, stride, columns, rows);
            if (wrong is not null)
                throw new PhotoException(path, PhotoFailure.Damaged, $"The sensor data of '{path}' is damaged in block {number + 1} at byte {block.Offset}: {wrong}. Copy the file again from its source.");
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stream);
        }
    }

    private static void ReadExactly(SafeFileHandle file, string path, long offset, Span<byte> target)
    {
        // Pieces that the file system reads ahead; one call of hundreds of megabytes could not be canceled by closing.
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(file, target[..Math.Min(target.Length, 8 << 20)], offset);
            if (read == 0)
                throw new PhotoException(path, PhotoFailure.Damaged, $"'{path}' ends at byte {offset}, {target.Length} bytes before the end of a block of sensor data. Copy the file again from its source.");
            target = target[read..];
            offset += read;
        }
    }
}
