namespace Pipeline.Imaging.Hostile;

/// <summary>Mutations of what DNG adds to TIFF: opcode lists, the pattern, levels, matrices, crops.</summary>
internal static class DngFields
{
    // An entry of one of these is given up for the new one, since nothing depends on it.
    private static readonly ushort[] s_spare = [50708, 50778, 272, 271, 305, 306, 284];

    public static void Mutate(Draft draft)
    {
        List<TiffEntryPlace> spare = [.. TiffEntryPlace.Find(draft).Where(static entry => s_spare.Contains(entry.Tag))];
        if (spare.Count == 0)
        {
            TiffFields.Mutate(draft);
            return;
        }

        TiffEntryPlace place = draft.Pick(spare);
        (ushort tag, TiffValue value, string name) = Make(draft);
        byte[] bytes = value.Bytes(draft.IsBigEndian);
        int end = draft.Length;
        draft.Write(place.At, 2, tag);
        draft.Write(place.At + 2, 2, value.Type);
        draft.Write(place.At + 4, 4, (uint)value.Count);
        if (bytes.Length <= 4)
        {
            draft.Overwrite(place.At + 8, [.. bytes, .. new byte[4 - bytes.Length]]);
        }
        else
        {
            draft.Write(place.At + 8, 4, (uint)end);
            draft.Insert(end, bytes);
        }

        draft.Note($"tag {place.Tag} becomes {tag}: {name}");
    }

    private static (ushort Tag, TiffValue Value, string Name) Make(Draft draft)
    {
        Random random = draft.Random;
        switch (random.Next(10))
        {
            case < 4:
                byte[] list = MakeOpcodes(draft, out string what);
                return (draft.Pick((ushort[])[51008, 51009, 51022]), TiffValue.Undefined(list), what);
            case 4:
                byte[] pattern = new byte[draft.Pick((int[])[1, 2, 3, 4, 4, 4, 8, 9, 36])];
                for (int i = 0; i < pattern.Length; i++)
                    pattern[i] = draft.Pick((byte[])[0, 1, 2, 3, 4, 6, 255]);
                return (33422, random.Next(3) == 0 ? TiffValue.Long([.. pattern.Select(static b => (uint)b)]) : TiffValue.Byte(pattern), $"pattern {string.Join(' ', pattern)}");
            case 5:
                double level = draft.Pick((double[])[double.NaN, double.PositiveInfinity, -5, 0, 65535, 1e300, 256.5]);
                return (draft.Pick((ushort[])[50714, 50717]), TiffValue.Double(level), $"level {level}");
            case 6:
                (int, int)[] matrix = [.. Enumerable.Range(0, 9).Select(_ => (draft.Pick((int[])[0, 0, 1, -1, 10000, int.MaxValue, int.MinValue]), draft.Pick((int[])[1, 1, 10000, 0, -1])))];
                return (draft.Pick((ushort[])[50721, 50722, 50723, 50964]), TiffValue.Ratios(10, matrix), $"matrix {string.Join(' ', matrix)}");
            case 7:
                uint[] area = [.. Enumerable.Range(0, 4).Select(_ => draft.Number(120))];
                return (50829, TiffValue.Long(area), $"active area {string.Join(' ', area)}");
            case 8:
                (int, int)[] crop = [.. Enumerable.Range(0, 2).Select(_ => (draft.Pick((int[])[0, 1, 8, 100, 160, 5000, -1]), draft.Pick((int[])[1, 1, 0, 3])))];
                return (draft.Pick((ushort[])[50718, 50719, 50720, 50727, 50728]), TiffValue.Ratios(5, crop), $"fractions {string.Join(' ', crop)}");
            default:
                int[] table = [.. Enumerable.Range(0, draft.Pick((int[])[1, 2, 256, 4096, 65536])).Select(_ => random.Next(65536))];
                return (50712, TiffValue.Short(table), $"table of {table.Length} values");
        }
    }

    private static byte[] MakeOpcodes(Draft draft, out string what)
    {
        Random random = draft.Random;
        uint id = (uint)random.Next(0, 15);
        byte[] parameters = id switch
        {
            1 => Opcodes.Warp([.. Enumerable.Range(0, 6).Select(_ => draft.Pick((double[])[0, 1, -1, 0.01, 1e9, double.NaN]))]),
            3 => Opcodes.Vignette([.. Enumerable.Range(0, 5).Select(_ => draft.Pick((double[])[0, 0.1, -1, 1e9, double.NaN]))]),
            4 or 5 => Opcodes.BadPoints((draft.Number(10), draft.Number(10)), (draft.Number(100), draft.Number(100))),
            9 => Opcodes.GainMap(random.Next(1, 200), random.Next(1, 200), random.Next(4), random.Next(4), random.Next(0, 3), [1, 2, 0, float.NaN]),
            _ => new byte[random.Next(64)],
        };
        for (int i = random.Next(3); i > 0 && parameters.Length >= 4; i--)
            Opcodes.Long(draft.Pick(Draft.Edges)).CopyTo(parameters, random.Next(parameters.Length / 4) * 4);
        uint? count = random.Next(4) == 0 ? draft.Pick(Draft.Edges) : null;
        byte[] list = Opcodes.List(count, (id, random.Next(2) == 0, parameters));
        if (random.Next(4) == 0)
            list = list[..random.Next(1, list.Length)];
        what = $"opcode {id} with {parameters.Length} bytes in a list of {list.Length} bytes that says {count?.ToString() ?? "1"}";
        return list;
    }
}
