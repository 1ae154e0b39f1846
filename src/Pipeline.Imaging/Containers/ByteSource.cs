using Microsoft.Win32.SafeHandles;

namespace Pipeline.Imaging;

/// <summary>Bytes at positions: a file that is read in small pieces, or a block in memory.</summary>
internal abstract class ByteSource
{
    /// <summary>Gets the number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills the span from a position.</summary>
    /// <returns>False when the range does not lie inside the source.</returns>
    public bool TryRead(long offset, Span<byte> target) =>
        offset >= 0 && offset <= Length - target.Length && ReadCore(offset, target);

    /// <summary>Wraps a block in memory.</summary>
    public static ByteSource Of(ReadOnlyMemory<byte> block) => new Memory(block);

    /// <summary>Wraps an open file.</summary>
    public static ByteSource Of(SafeFileHandle file) => new File(file);

    protected abstract bool ReadCore(long offset, Span<byte> target);

    private sealed class Memory(ReadOnlyMemory<byte> block) : ByteSource
    {
        public override long Length => block.Length;

        protected override bool ReadCore(long offset, Span<byte> target)
        {
            block.Span.Slice((int)offset, target.Length).CopyTo(target);
            return true;
        }
    }

    private sealed class File(SafeFileHandle handle) : ByteSource
    {
        // Headers are read entry by entry; a window saves a system call for nearly all of them.
        private readonly byte[] _window = new byte[16 * 1024];
        private long _start;
        private int _count;
        public override long Length { get; } = RandomAccess.GetLength(handle);

        protected override bool ReadCore(long offset, Span<byte> target)
        {
            if (offset < _start || offset + target.Length > _start + _count)
            {
                if (target.Length > _window.Length)
                    return Fill(offset, target) == target.Length;
                _start = offset;
                _count = Fill(offset, _window);
                if (_count < target.Length)
                    return false;
            }

            _window.AsSpan((int)(offset - _start), target.Length).CopyTo(target);
            return true;
        }

        private int Fill(long offset, Span<byte> target)
        {
            int total = 0;
            while (total < target.Length)
            {
                int read = RandomAccess.Read(handle, target[total..], offset + total);
                if (read == 0)
                    break;
                total += read;
            }

            return total;
        }
    }
}
