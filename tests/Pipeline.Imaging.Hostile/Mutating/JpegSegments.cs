namespace Pipeline.Imaging.Hostile;

/// <summary>Mutations of JPEG streams, those of DNG blocks among them: fields, lengths, doubled, missing and exchanged segments, restart markers, entropy data.</summary>
internal static class JpegSegments
{
    private static readonly byte[] s_frames = [0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC7, 0xC9, 0xCB, 0xF7];

    /// <summary>Changes a stream that starts at a place.</summary>
    public static void Mutate(Draft draft, int start)
    {
        List<(int At, byte Marker, int Length)> segments = Find(draft, start);
        if (segments.Count == 0)
        {
            AnyBytes.Mutate(draft);
            return;
        }

        List<(int At, byte Marker, int Length)> telling = [.. segments.Where(static s => s.Marker is >= 0xC0 and <= 0xC4 or 0xDB or 0xDA or 0xDD)];
        (int at, byte marker, int length) = draft.Pick(telling.Count > 0 && draft.Random.Next(100) < 85 ? telling : segments);
        string name = $"segment {marker:X2} at {at}";
        switch (draft.Random.Next(100))
        {
            case < 45:
                int field = at + 4 + draft.Random.Next(Math.Max(1, length - 2));
                if (!draft.Has(field, 1))
                    break;
                byte now = draft.Bytes[field], value = draft.Pick((byte[])[0, 1, 2, 3, 4, 16, 17, 255, 254, 128, (byte)(now ^ 1), (byte)(now + 1)]);
                draft.Set(field, value);
                draft.Note($"{name}: byte {field - at} = {value} (was {now})");
                break;
            case < 58:
                int stated = draft.Pick((int[])[0, 1, 2, 3, length - 1, length + 1, 65535]);
                draft.Set(at + 2, (byte)(stated >> 8));
                draft.Set(at + 3, (byte)stated);
                draft.Note($"{name}: length {stated} (was {length})");
                break;
            case < 65:
                draft.Insert(at, draft.Copy(at, 2 + length));
                draft.Note($"{name} is there twice");
                break;
            case < 73:
                draft.Remove(at, 2 + length);
                draft.Note($"{name} is missing");
                break;
            case < 79:
                byte frame = draft.Pick(s_frames);
                draft.Set(at + 1, frame);
                draft.Note($"{name} becomes {frame:X2}");
                break;
            case < 85:
                int interval = draft.Pick((int[])[0, 1, 2, 7, 65535]);
                draft.Insert(at, [0xFF, 0xDD, 0, 4, (byte)(interval >> 8), (byte)interval]);
                draft.Note($"a restart interval of {interval} before {name}");
                break;
            case < 90:
                draft.Insert(at, draft.Pick((byte[][])[[0], [0xFF], [0, 0, 0], [0xFF, 0xD9], [0xFF, 0xD8]]));
                draft.Note($"junk before {name}");
                break;
            default:
                ChangeEntropy(draft, segments[^1]);
                break;
        }
    }

    /// <summary>Finds lossless streams inside a file of another format.</summary>
    public static List<int> FindInside(Draft draft)
    {
        List<int> starts = [];
        ReadOnlySpan<byte> bytes = draft.Bytes;
        for (int i = 1; i + 4 < bytes.Length && starts.Count < 64; i++)
        {
            if (bytes[i] == 0xFF && bytes[i + 1] == 0xD8 && bytes[i + 2] == 0xFF && bytes[i + 3] is 0xC3 or 0xC4 or 0xDB)
                starts.Add(i);
        }

        return starts;
    }

    private static void ChangeEntropy(Draft draft, (int At, byte Marker, int Length) last)
    {
        int from = last.At + 2 + last.Length, left = draft.Length - from;
        if (left < 8)
        {
            AnyBytes.Mutate(draft);
            return;
        }

        int at = from + draft.Random.Next(left - 4);
        if (draft.Random.Next(2) == 0)
        {
            draft.Flip(at, draft.Random.Next(8));
            draft.Note($"a bit of the coded data at {at} flipped");
        }
        else
        {
            byte marker = draft.Pick((byte[])[0xD0, 0xD5, 0xD9, 0x00, 0xC4, 0xDA, 0xFF]);
            draft.Overwrite(at, [0xFF, marker]);
            draft.Note($"marker {marker:X2} in the coded data at {at}");
        }
    }

    private static List<(int At, byte Marker, int Length)> Find(Draft draft, int start)
    {
        List<(int, byte, int)> found = [];
        int at = start + 2;
        while (draft.Has(at, 4) && draft.Bytes[at] == 0xFF)
        {
            byte marker = draft.Bytes[at + 1];
            int length = (draft.Bytes[at + 2] << 8) | draft.Bytes[at + 3];
            found.Add((at, marker, length));
            at += 2 + length;
            if (marker == 0xDA)
                break;
        }

        return found;
    }
}
