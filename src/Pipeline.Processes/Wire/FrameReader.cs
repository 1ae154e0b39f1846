using System.Buffers;

namespace Pipeline.Processes;

/// <summary>Cuts the bytes of a connection into frames. One thread at a time.</summary>
/// <param name="read">Blocks until there are bytes and returns their count; 0 at the end of the stream.</param>
internal sealed class FrameReader(FrameReader.ReadBytes read) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;

    public delegate int ReadBytes(Span<byte> destination);

    /// <summary>Gets a value indicating whether a whole frame is here already, so that reading it does not wait.</summary>
    public bool HasFrame =>
        _end - _start >= FrameHeader.Size && _end - _start >= FrameHeader.Size + FrameHeader.Read(_buffer.AsSpan(_start)).PayloadLength;

    /// <summary>Reads the next frame.</summary>
    /// <param name="header">The header.</param>
    /// <param name="payload">The payload, valid until the next read.</param>
    /// <returns>False at the end of the stream; a frame that is cut off counts as the end.</returns>
    public bool TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (!Fill(FrameHeader.Size))
            return false;
        header = FrameHeader.Read(_buffer.AsSpan(_start));
        if (!Fill(FrameHeader.Size + header.PayloadLength))
            return false;
        payload = _buffer.AsSpan(_start + FrameHeader.Size, header.PayloadLength);
        _start += FrameHeader.Size + header.PayloadLength;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool Fill(int needed)
    {
        if (_start == _end)
            _start = _end = 0;
        while (_end - _start < needed)
        {
            if (_start + needed > _buffer.Length)
                MakeRoom(needed);
            int got = read(_buffer.AsSpan(_end));
            if (got <= 0)
                return false;
            _end += got;
        }

        return true;
    }

    private void MakeRoom(int needed)
    {
        byte[] target = needed > _buffer.Length ? ArrayPool<byte>.Shared.Rent(needed) : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        _end -= _start;
        _start = 0;
    }
}
