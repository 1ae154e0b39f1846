namespace Pipeline.Imaging.Hostile;

/// <summary>Mutations that know nothing of the format: flips, cuts, holes, shifts.</summary>
internal static class AnyBytes
{
    public static void Mutate(Draft draft)
    {
        Random random = draft.Random;
        if (draft.Length < 32)
        {
            FlipHead(draft);
            return;
        }

        switch (random.Next(8))
        {
            case 0:
                FlipHead(draft);
                break;
            case 1:
                int flips = draft.Pick((int[])[1, 2, 8, 64]);
                for (int i = 0; i < flips; i++)
                    draft.Flip(random.Next(draft.Length), random.Next(8));
                draft.Note($"{flips} bits flipped");
                break;
            case 2:
                int length = random.Next(3) switch { 0 => random.Next(1, draft.Length), 1 => draft.Length - random.Next(1, Math.Min(200, draft.Length)), _ => (int)(draft.Length * (0.5 + random.NextDouble() / 2)) };
                draft.Note($"cut to {length} of {draft.Length} bytes");
                draft.Truncate(length);
                break;
            case 3:
                int at = random.Next(draft.Length), count = draft.Pick((int[])[16, 512, 4096, 65536]);
                byte value = random.Next(2) == 0 ? (byte)0 : (byte)255;
                draft.Note($"{count} bytes at {at} set to {value}");
                draft.Fill(at, count, value);
                break;
            case 4:
                byte[] junk = new byte[draft.Pick((int[])[1, 2, 3, 16, 1000])];
                random.NextBytes(junk);
                int place = random.Next(draft.Length);
                draft.Note($"{junk.Length} bytes put in at {place}");
                draft.Insert(place, junk);
                break;
            case 5:
                int from = random.Next(draft.Length), less = draft.Pick((int[])[1, 2, 3, 16, 1000]);
                draft.Note($"{less} bytes taken out at {from}");
                draft.Remove(from, less);
                break;
            case 6:
                SwapBlocks(draft);
                break;
            default:
                int start = random.Next(draft.Length), size = random.Next(1, 4096);
                draft.Note($"{size} bytes at {start} are there twice");
                draft.Insert(start, draft.Copy(start, size));
                break;
        }
    }

    public static void FlipHead(Draft draft)
    {
        int flips = draft.Pick((int[])[1, 1, 2, 4, 8]);
        for (int i = 0; i < flips; i++)
            draft.Flip(draft.Random.Next(Math.Min(draft.Length, 4096)), draft.Random.Next(8));
        draft.Note($"{flips} bits of the first 4096 bytes flipped");
    }

    private static void SwapBlocks(Draft draft)
    {
        int size = Math.Min(4096, draft.Length / 4), a = draft.Random.Next(draft.Length - size), b = draft.Random.Next(draft.Length - size);
        byte[] first = draft.Copy(a, size), second = draft.Copy(b, size);
        draft.Overwrite(a, second);
        draft.Overwrite(b, first);
        draft.Note($"{size} bytes at {a} and {b} exchanged");
    }
}
