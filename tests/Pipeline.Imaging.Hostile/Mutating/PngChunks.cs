using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Imaging.Hostile;

/// <summary>Mutations of PNG chunks, most of them with a right checksum, so that the decoder looks at what was changed.</summary>
internal static class PngChunks
{
    private static readonly string[] s_types = ["PLTE", "tRNS", "iCCP", "zTXt", "iTXt", "acTL", "fcTL", "fdAT", "eXIf", "cICP", "XXXX", "gAMA", "cHRM", "IEND"];

    public static void Mutate(Draft draft)
    {
        List<(int At, string Type, int Length)> chunks = Find(draft);
        if (chunks.Count == 0)
        {
            AnyBytes.Mutate(draft);
            return;
        }

        (int at, string type, int length) = draft.Pick(chunks);
        string name = $"chunk {type} at {at}";
        switch (draft.Random.Next(100))
        {
            case < 45 when length > 0:
                int field = at + 8 + draft.Random.Next(Math.Min(length, 64));
                byte now = draft.Bytes[field], value = draft.Pick((byte[])[0, 1, 2, 3, 4, 8, 16, 255, 128, (byte)(now ^ 1), (byte)(now + 1)]);
                draft.Set(field, value);
                FixCheck(draft, at, length, $"{name}: byte {field - at - 8} = {value} (was {now})");
                break;
            case < 55 when length > 0:
                int flipped = at + 8 + draft.Random.Next(length);
                draft.Flip(flipped, draft.Random.Next(8));
                FixCheck(draft, at, length, $"{name}: a bit of byte {flipped - at - 8} flipped");
                break;
            case < 67:
                uint stated = draft.Pick((uint[])[0, 1, (uint)length + 1, (uint)Math.Max(0, length - 1), int.MaxValue, uint.MaxValue]);
                draft.Overwrite(at, Opcodes.Long(stated));
                draft.Note($"{name}: length {stated}");
                break;
            case < 78:
                draft.Insert(at, draft.Copy(at, 12 + length));
                draft.Note($"{name} is there twice");
                break;
            case < 88:
                draft.Remove(at, 12 + length);
                draft.Note($"{name} is missing");
                break;
            case < 94:
                string other = draft.Pick(s_types);
                draft.Overwrite(at + 4, Encoding.ASCII.GetBytes(other));
                FixCheck(draft, at, length, $"{name} becomes {other}");
                break;
            default:
                byte[] content = new byte[draft.Pick((int[])[0, 1, 4, 9, 32, 768])];
                draft.Random.NextBytes(content);
                string added = draft.Pick(s_types);
                draft.Insert(at, Png.Chunk(added, content));
                draft.Note($"a chunk {added} of {content.Length} bytes before {name}");
                break;
        }
    }

    private static void FixCheck(Draft draft, int at, int length, string step)
    {
        bool fixes = draft.Random.Next(10) < 8;
        if (fixes)
            draft.Overwrite(at + 8 + length, Opcodes.Long(Png.Check(draft.Bytes.Slice(at + 4, 4 + length))));
        draft.Note(fixes ? step : step + ", checksum wrong");
    }

    private static List<(int At, string Type, int Length)> Find(Draft draft)
    {
        List<(int, string, int)> found = [];
        int at = 8;
        while (draft.Has(at, 12))
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(draft.Bytes[at..]);
            if (length < 0 || !draft.Has(at, 12L + length))
                break;
            found.Add((at, Encoding.Latin1.GetString(draft.Bytes.Slice(at + 4, 4)), length));
            at += 12 + length;
        }

        return found;
    }
}
