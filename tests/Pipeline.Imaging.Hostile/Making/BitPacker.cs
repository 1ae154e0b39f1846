namespace Pipeline.Imaging.Hostile;

/// <summary>Packs codes into bytes, highest bit first, with a zero byte after each 0xFF where the format wants one.</summary>
internal sealed class BitPacker(bool stuffs)
{
    private readonly List<byte> _bytes = [];
    private ulong _held;
    private int _count;

    public void Put(uint value, int bits)
    {
        _held = (_held << bits) | value;
        _count += bits;
        while (_count >= 8)
        {
            _count -= 8;
            Add((byte)(_held >> _count));
        }

        _held &= (1UL << _count) - 1;
    }

    /// <summary>Fills the last byte with ones.</summary>
    public void Align()
    {
        if (_count > 0)
            Put((1u << (8 - _count)) - 1, 8 - _count);
    }

    public void Marker(byte marker)
    {
        Align();
        _bytes.Add(0xFF);
        _bytes.Add(marker);
    }

    public byte[] ToArray()
    {
        Align();
        return [.. _bytes];
    }

    private void Add(byte value)
    {
        _bytes.Add(value);
        if (stuffs && value == 0xFF)
            _bytes.Add(0);
    }
}
