using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Sync;

/// <summary>The layout of a counter file, and its header.</summary>
/// <remarks>
/// Header page of 4,096 bytes, little endian: 0 magic 'PLCOUNT1', 8 layout version (1), 12 header length, 16 byte-order mark 0x01020304, 20 counters, 24
/// stripes, 28 bytes per stripe, 32 schema hash (first 8 bytes of SHA-256 over kind, name and unit of each counter), 40 creation id (16 bytes), 56 length of
/// the definitions, 60 CRC-32C of the definitions, 64 definitions (per counter: kind, name length, name, unit length, unit), 4,092 CRC-32C of bytes 0 to 4,092.
/// After it the stripes, each a multiple of 128 bytes so that no two processes share a cache line or the line beside it; in a stripe one aligned 64-bit word
/// per counter. The header never changes after creation.
/// </remarks>
internal sealed class CounterLayout
{
    public const int HeaderLength = 4096;
    public const int StripeAlignment = 128;
    public const int MaxCounters = 64;
    private const int Version = 1;
    private const uint ByteOrderMark = 0x01020304;
    private const int DefinitionsAt = 64;
    private const int ChecksumAt = HeaderLength - sizeof(uint);

    private readonly Guid _id;

    private CounterLayout(IReadOnlyList<CounterDefinition> counters, int stripes, Guid id)
    {
        Counters = counters;
        Stripes = stripes;
        _id = id;
        BytesPerStripe = ((counters.Count * sizeof(long)) + StripeAlignment - 1) / StripeAlignment * StripeAlignment;
    }

    public IReadOnlyList<CounterDefinition> Counters { get; }

    public int Stripes { get; }

    public int BytesPerStripe { get; }

    public long FileLength => HeaderLength + ((long)Stripes * BytesPerStripe);

    private static ReadOnlySpan<byte> Magic => "PLCOUNT1"u8;

    public static CounterLayout Create(IReadOnlyList<CounterDefinition> counters, int stripes) => Create(counters, stripes, Guid.NewGuid());

    public static CounterLayout Create(IReadOnlyList<CounterDefinition> counters, int stripes, Guid id)
    {
        if (counters.Count is < 1 or > MaxCounters)
        {
            throw new ArgumentException(
                $"A counter file was given {counters.Count} counters. It has 1 to {MaxCounters}.", nameof(counters));
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (CounterDefinition counter in counters)
        {
            CheckText(counter.Name, 1, 64, "name");
            CheckText(counter.Unit, 0, 32, "unit");
            if (!Enum.IsDefined(counter.Kind))
            {
                throw new ArgumentException(
                    $"Counter '{counter.Name}' was given kind {counter.Kind}. Use Total or Gauge.", nameof(counters));
            }

            if (!names.Add(counter.Name))
                throw new ArgumentException($"Counter '{counter.Name}' is defined twice. Names are unique in a file.", nameof(counters));
        }

        CounterLayout layout = new([.. counters], stripes, id);
        int length = layout.Definitions().Length;
        return DefinitionsAt + length <= ChecksumAt
            ? layout
            : throw new ArgumentException(
                $"The definitions take {length} bytes and the header has room for {ChecksumAt - DefinitionsAt}. "
                + "Use fewer counters or shorter names.", nameof(counters));
    }

    /// <summary>Reads and checks a header. Nothing of a foreign, newer, older or damaged file is ever reinterpreted.</summary>
    public static CounterLayout Read(Stream file, string path)
    {
        byte[] header = new byte[HeaderLength];
        file.Position = 0;
        int read = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        return Parse(header.AsSpan(0, read), file.Length, path);
    }

    public static CounterLayout Parse(ReadOnlySpan<byte> header, long fileLength, string path)
    {
        if (header.Length < Magic.Length || !header.StartsWith(Magic))
            throw Refuse(path, "it does not begin with the mark of a counter file");
        if (header.Length < HeaderLength)
            throw Refuse(path, $"it has {fileLength} bytes, less than a header");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != Version)
            throw Refuse(path, $"it has layout version {version}, and this library reads version {Version} only");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) != Checksum.Of(header[..ChecksumAt]))
            throw Refuse(path, "the checksum of its header is wrong");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != HeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(header[16..]) != ByteOrderMark)
            throw Refuse(path, "its header has another length or byte order");
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Counter files are little endian, and this processor is not.");

        int stripes = BinaryPrimitives.ReadInt32LittleEndian(header[24..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(header[20..]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(header[56..]);
        if (stripes is < 1 or > 1000 || count is < 1 or > MaxCounters || length < 0 || length > ChecksumAt - DefinitionsAt)
            throw Refuse(path, "a number in its header is out of range");
        ReadOnlySpan<byte> definitions = header.Slice(DefinitionsAt, length);
        CounterLayout layout = new(ParseDefinitions(definitions, count, path), stripes, new Guid(header.Slice(40, 16)));
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[60..]) != Checksum.Of(definitions)
            || BinaryPrimitives.ReadUInt64LittleEndian(header[32..]) != Hash(definitions)
            || BinaryPrimitives.ReadInt32LittleEndian(header[28..]) != layout.BytesPerStripe)
        {
            throw Refuse(path, "its definitions do not fit its header");
        }

        return fileLength == layout.FileLength
            ? layout
            : throw Refuse(path, $"it has {fileLength} bytes instead of {layout.FileLength}");
    }

    public long OffsetOf(int stripe, int counter) => HeaderLength + ((long)stripe * BytesPerStripe) + (counter * sizeof(long));

    public byte[] ToHeader()
    {
        byte[] header = new byte[HeaderLength];
        byte[] definitions = Definitions();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), ByteOrderMark);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), Counters.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), Stripes);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), BytesPerStripe);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), Hash(definitions));
        _id.TryWriteBytes(header.AsSpan(40));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(56), definitions.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(60), Checksum.Of(definitions));
        definitions.CopyTo(header, DefinitionsAt);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(ChecksumAt), Checksum.Of(header.AsSpan(0, ChecksumAt)));
        return header;
    }

    public void RequireSameCounters(CounterLayout wanted, string path)
    {
        if (Counters.SequenceEqual(wanted.Counters))
            return;
        throw new InvalidDataException(
            $"Counter file '{path}' has the counters [{Show(Counters)}], but [{Show(wanted.Counters)}] were asked for. "
            + "Names, order, units and kinds must be the same in all processes. Ask for the same, or use another file.");
    }

    public SharedCounterReport Report(string path, ReadOnlySpan<byte> words, bool[] live)
    {
        long[] totals = new long[Counters.Count];
        List<SharedCounterPart> parts = new();
        for (int stripe = 0; stripe < Stripes; stripe++)
        {
            long[] values = new long[Counters.Count];
            for (int counter = 0; counter < values.Length; counter++)
            {
                values[counter] = BinaryPrimitives.ReadInt64LittleEndian(words[(int)(OffsetOf(stripe, counter) - HeaderLength)..]);
                totals[counter] += values[counter];
            }

            if (live[stripe] || Array.Exists(values, value => value != 0))
                parts.Add(new SharedCounterPart(stripe, live[stripe], values));
        }

        return new SharedCounterReport(
            path, _id, [.. Counters.Zip(totals, (definition, total) => new SharedCounterTotal(definition, total))],
            Stripes, parts);
    }

    private static string Show(IEnumerable<CounterDefinition> counters) =>
        string.Join(", ", counters.Select(counter =>
            $"{counter.Name}{(counter.Unit.Length == 0 ? "" : $" in {counter.Unit}")} {counter.Kind}"));

    private static InvalidDataException Refuse(string path, string reason) =>
        new(
            $"'{path}' was not opened as a counter file: {reason}. It was left as it is. Use another path, "
            + "or delete the file when no process uses it.");

    private static ulong Hash(ReadOnlySpan<byte> definitions) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(definitions));

    private static List<CounterDefinition> ParseDefinitions(ReadOnlySpan<byte> bytes, int count, string path)
    {
        List<CounterDefinition> counters = new(count);
        for (int i = 0; i < count; i++)
        {
            if (bytes.Length < 2 || bytes[0] > 1 || bytes.Length < 3 + bytes[1] || bytes.Length < 3 + bytes[1] + bytes[2 + bytes[1]])
                throw Refuse(path, "its definitions are cut off");
            string name = Encoding.ASCII.GetString(bytes.Slice(2, bytes[1]));
            string unit = Encoding.ASCII.GetString(bytes.Slice(3 + bytes[1], bytes[2 + bytes[1]]));
            counters.Add(new CounterDefinition(name, unit, (CounterKind)bytes[0]));
            bytes = bytes[(3 + name.Length + unit.Length)..];
        }

        return bytes.IsEmpty ? counters : throw Refuse(path, "its definitions are too long");
    }

    private static void CheckText(string text, int shortest, int longest, string what)
    {
        ArgumentNullException.ThrowIfNull(text, what);
        if (text.Length < shortest || text.Length > longest || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException(
                $"A counter was given the {what} '{text}'. Use {shortest} to {longest} ASCII letters, digits, dots, "
                + "hyphens or underscores.", what);
        }
    }

    private byte[] Definitions()
    {
        List<byte> bytes = new();
        foreach (CounterDefinition counter in Counters)
        {
            bytes.Add((byte)counter.Kind);
            bytes.Add((byte)counter.Name.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(counter.Name));
            bytes.Add((byte)counter.Unit.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(counter.Unit));
        }

        return [.. bytes];
    }
}
