using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>Reads a file piece by piece, as long as it was at first. Used by one thread.</summary>
internal sealed class FileWindow(SafeFileHandle file)
{
    private byte[] _buffer = new byte[1 << 16];
    private long _start;
    private int _count;

    public long Length { get; } = RandomAccess.GetLength(file);

    /// <summary>Gets bytes of the file, fewer than asked for only at its end. They are valid until the next call.</summary>
    public ReadOnlySpan<byte> At(long offset, int count)
    {
        count = (int)Math.Clamp(Length - offset, 0, count);
        if (offset < _start || offset + count > _start + _count)
            Fill(offset, count);
        int at = (int)(offset - _start);
        return _buffer.AsSpan(at, Math.Min(count, _count - at));
    }

    private void Fill(long offset, int count)
    {
        if (count > _buffer.Length)
            _buffer = new byte[2 * count];
        (_start, _count) = (offset, 0);
        int wanted = (int)Math.Min(_buffer.Length, Length - offset);
        while (_count < wanted && RandomAccess.Read(file, _buffer.AsSpan(_count, wanted - _count), offset + _count) is > 0 and int read)
            _count += read;
    }
}
