using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Imaging.Hostile;

/// <summary>Mutations of RIFF chunks and of the heads of the coded pictures in WebP files.</summary>
internal static class WebpChunks
{
    private static readonly string[] s_types = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP", "XMP ", "XXXX"];

    public static void Mutate(Draft draft)
    {
        List<(int At, int Length)> chunks = [];
        for (int place = 12; draft.Has(place, 8);)
        {
            int size = (int)Math.Min(int.MaxValue / 2, BinaryPrimitives.ReadUInt32LittleEndian(draft.Bytes[(place + 4)..]));
            chunks.Add((place, size));
            place = (int)Math.Min(int.MaxValue - 16L, (long)place + 8 + size + (size & 1));
        }

        if (chunks.Count == 0)
        {
            AnyBytes.Mutate(draft);
            return;
        }

        (int at, int length) = draft.Pick(chunks);
        string name = $"chunk {Encoding.Latin1.GetString(draft.Bytes.Slice(at, 4))} at {at}";
        switch (draft.Random.Next(100))
        {
            case < 50:
                int field = at + 8 + draft.Random.Next(Math.Clamp(length, 1, 40));
                if (!draft.Has(field, 1))
                    break;
                byte now = draft.Bytes[field], value = draft.Pick((byte[])[0, 1, 255, 128, (byte)(now ^ 1), (byte)(now ^ 16), (byte)(now + 1)]);
                draft.Set(field, value);
                draft.Note($"{name}: byte {field - at - 8} = {value} (was {now})");
                break;
            case < 65:
                uint size = draft.Number((uint)length);
                draft.Write(at + 4, 4, size);
                draft.Note($"{name}: length {size}");
                break;
            case < 72:
                uint whole = draft.Number((uint)draft.Length - 8);
                draft.Write(4, 4, whole);
                draft.Note($"the file says {whole} bytes");
                break;
            case < 80:
                string type = draft.Pick(s_types);
                draft.Overwrite(at, Encoding.ASCII.GetBytes(type));
                draft.Note($"{name} becomes {type}");
                break;
            case < 88:
                draft.Insert(at, draft.Copy(at, Math.Min(draft.Length - at, 8 + length)));
                draft.Note($"{name} is there twice");
                break;
            case < 93:
                draft.Remove(at, 8 + length);
                draft.Note($"{name} is missing");
                break;
            default:
                AnyBytes.Mutate(draft);
                break;
        }
    }
}
