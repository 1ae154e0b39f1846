using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Imaging.Hostile;

/// <summary>A file that is being changed, with the recipe of what was done. Every place is checked, so that a mutation may point anywhere.</summary>
internal sealed class Draft(byte[] content, Random random)
{
    private readonly StringBuilder _recipe = new();
    private byte[] _content = content;

    /// <summary>Gets numbers at which limits and signs change.</summary>
    public static IReadOnlyList<uint> Edges { get; } =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 32, 64, 127, 128, 255, 256, 1000, 4095, 4096, 16383, 32767, 32768, 65535, 65536,
        1 << 20, (1 << 24) - 1, 1 << 27, int.MaxValue, 1u << 31, uint.MaxValue,
    ];

    public Random Random { get; } = random;

    public int Length => _content.Length;

    public string Recipe => _recipe.ToString();

    public bool IsBigEndian { get; set; }

    public ReadOnlySpan<byte> Bytes => _content;

    public byte[] ToArray() => _content;

    public void Note(string step) => _recipe.Append(_recipe.Length == 0 ? "" : "; ").Append(step);

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    /// <summary>Picks a number that is at an edge, near the one that is there, or any.</summary>
    public uint Number(uint now) => Random.Next(10) switch
    {
        < 6 => Pick(Edges),
        < 8 => unchecked((uint)(now + Pick((int[])[-1, 1, -2, 2, 16, -16, (int)now, (int)(now / 2) * -1]))),
        _ => (uint)Random.Next(1 << 16),
    };

    public void Set(int at, byte value)
    {
        if (at >= 0 && at < Length)
            _content[at] = value;
    }

    public void Flip(int at, int bit) => Set(at, (byte)(_content[at] ^ (1 << bit)));

    public bool Has(long at, long length) => at >= 0 && length >= 0 && at + length <= Length;

    public ushort Short(int at) => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_content.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(_content.AsSpan(at));

    public uint Long(int at) => IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_content.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(_content.AsSpan(at));

    /// <summary>Writes a number of 1, 2 or 4 bytes in the file's byte order.</summary>
    public void Write(long at, int size, uint value)
    {
        if (!Has(at, size))
            return;
        for (int i = 0; i < size; i++)
            _content[at + (IsBigEndian ? size - 1 - i : i)] = (byte)(value >> (8 * i));
    }

    public void Insert(int at, ReadOnlySpan<byte> bytes) => _content = [.. _content.AsSpan(0, at), .. bytes, .. _content.AsSpan(at)];

    public void Remove(int at, int count)
    {
        count = Math.Min(count, Length - at);
        _content = [.. _content.AsSpan(0, at), .. _content.AsSpan(at + count)];
    }

    public void Truncate(int length) => _content = _content[..Math.Max(1, length)];

    public void Fill(int at, int count, byte value) => _content.AsSpan(at, Math.Min(count, Length - at)).Fill(value);

    public byte[] Copy(int at, int count) => _content[at..Math.Min(Length, at + count)];

    public void Overwrite(int at, ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, Length - at)].CopyTo(_content.AsSpan(at));
}
