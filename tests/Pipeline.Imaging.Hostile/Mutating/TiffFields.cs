namespace Pipeline.Imaging.Hostile;

/// <summary>Mutations of TIFF directories: values, counts, types, tags, places; entries that are there twice; directories that point to themselves.</summary>
internal static class TiffFields
{
    // The tags that say where pixels are and what they mean, in TIFF and in DNG.
    private static readonly ushort[] s_key =
    [
        254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 330, 338, 339, 347, 529, 530, 700, 33421, 33422, 33432, 34675,
        50706, 50707, 50708, 50710, 50711, 50712, 50713, 50714, 50715, 50716, 50717, 50718, 50719, 50720, 50721, 50727, 50728, 50730, 50778, 50829, 50830, 51008, 51009, 51022,
    ];

    private static readonly ushort[] s_types = [0, 1, 2, 3, 4, 5, 7, 9, 11, 12, 13, 16, 18, 99, 65535];

    public static void Mutate(Draft draft)
    {
        int changes = draft.Pick((int[])[1, 1, 1, 2, 3]);
        for (int i = 0; i < changes; i++)
        {
            List<TiffEntryPlace> entries = TiffEntryPlace.Find(draft);
            if (entries.Count == 0)
            {
                AnyBytes.FlipHead(draft);
                return;
            }

            List<TiffEntryPlace> keyed = [.. entries.Where(static entry => s_key.Contains(entry.Tag))];
            Change(draft, entries, draft.Pick(keyed.Count > 0 && draft.Random.Next(100) < 85 ? keyed : entries));
        }
    }

    private static void Change(Draft draft, List<TiffEntryPlace> entries, TiffEntryPlace entry)
    {
        int at = entry.At;
        switch (draft.Random.Next(100))
        {
            case < 50:
                ChangeValue(draft, entry);
                break;
            case < 65:
                uint count = draft.Number(entry.Count);
                draft.Write(at + 4, 4, count);
                draft.Note($"tag {entry.Tag} has {count} values");
                break;
            case < 74:
                ushort type = draft.Pick(s_types);
                draft.Write(at + 2, 2, type);
                draft.Note($"tag {entry.Tag} has type {type}");
                break;
            case < 83:
                ushort tag = draft.Pick(s_key);
                draft.Write(at, 2, tag);
                draft.Note($"tag {entry.Tag} becomes {tag}");
                break;
            case < 91:
                uint place = draft.Pick((uint[])[0, 8, (uint)draft.Length - 1, (uint)draft.Length, (uint)draft.Length - 8, uint.MaxValue, (uint)draft.Random.Next(draft.Length)]);
                draft.Write(at + 8, 4, place);
                draft.Note($"tag {entry.Tag} has its values at {place}");
                break;
            case < 96:
                TiffEntryPlace other = draft.Pick(entries);
                draft.Overwrite(at, draft.Copy(other.At, 12));
                draft.Note($"tag {entry.Tag} is replaced by a second {other.Tag}");
                break;
            default:
                // The four bytes behind the last entry point to the next directory.
                TiffEntryPlace last = entries.MaxBy(static e => e.At);
                uint next = draft.Pick((uint[])[8, draft.Long(4), (uint)last.At, (uint)draft.Length, uint.MaxValue]);
                draft.Write(last.At + 12, 4, next);
                draft.Note($"the directory behind tag {last.Tag} goes on at {next}");
                break;
        }
    }

    private static void ChangeValue(Draft draft, TiffEntryPlace entry)
    {
        int size = entry.ValueSize, index = entry.Count == 0 ? 0 : draft.Random.Next((int)Math.Min(entry.Count, 64));
        long at = entry.ValueAt + (long)index * size;
        // Half of a fraction, or of a wide number.
        if (size == 8)
            (at, size) = (at + 4 * draft.Random.Next(2), 4);
        uint now = !draft.Has(at, size) ? 0 : size switch { 1 => draft.Bytes[(int)at], 2 => draft.Short((int)at), _ => draft.Long((int)at) };
        uint value = draft.Number(now);
        draft.Write(at, size, value);
        draft.Note($"tag {entry.Tag}[{index}] = {value} (was {now})");
    }
}
