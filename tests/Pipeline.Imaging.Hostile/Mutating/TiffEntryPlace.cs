namespace Pipeline.Imaging.Hostile;

/// <summary>Where an entry of a TIFF directory is.</summary>
/// <param name="At">The entry's 12 bytes.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="Type">Its type.</param>
/// <param name="Count">How many values it says.</param>
/// <param name="ValueAt">Where the values are.</param>
internal readonly record struct TiffEntryPlace(int At, ushort Tag, ushort Type, uint Count, long ValueAt)
{
    public int ValueSize => Size(Type);

    public static int Size(ushort type) => type switch { 3 or 8 => 2, 4 or 9 or 11 or 13 => 4, 5 or 10 or 12 or 16 or 17 or 18 => 8, _ => 1 };

    /// <summary>Finds the entries of all directories, those of a chain, of SubIFDs, Exif and GPS.</summary>
    public static List<TiffEntryPlace> Find(Draft draft)
    {
        List<TiffEntryPlace> found = [];
        if (!draft.Has(0, 8) || draft.Bytes[..2] is not ([(byte)'I', (byte)'I'] or [(byte)'M', (byte)'M']))
            return found;
        draft.IsBigEndian = draft.Bytes[0] == 'M';
        Queue<uint> next = new([draft.Long(4)]);
        HashSet<uint> seen = [0];
        while (next.TryDequeue(out uint folder) && seen.Count < 20)
        {
            if (!seen.Add(folder) || !draft.Has(folder, 2) || draft.Short((int)folder) is var count && count > 400)
                continue;
            for (int i = 0; i < count; i++)
            {
                int at = (int)folder + 2 + 12 * i;
                if (!draft.Has(at, 12))
                    break;
                TiffEntryPlace entry = new(at, draft.Short(at), draft.Short(at + 2), draft.Long(at + 4), 0);
                entry = entry with { ValueAt = (long)entry.ValueSize * entry.Count <= 4 ? at + 8 : draft.Long(at + 8) };
                found.Add(entry);
                if (entry.Tag is 330 or 34665 or 34853)
                {
                    for (int j = 0; j < Math.Min(entry.Count, 8) && draft.Has(entry.ValueAt + 4 * j, 4); j++)
                        next.Enqueue(draft.Long((int)entry.ValueAt + 4 * j));
                }
            }

            int end = (int)folder + 2 + 12 * count;
            if (draft.Has(end, 4))
                next.Enqueue(draft.Long(end));
        }

        return found;
    }
}
