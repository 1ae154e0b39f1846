namespace Pipeline.Imaging.Hostile;

/// <summary>One changed file and what was changed. The same seed, base and number give the same bytes on every machine.</summary>
internal sealed record Mutation(byte[] Bytes, string Recipe)
{
    /// <summary>Makes a mutation.</summary>
    /// <param name="name">The name of the base file; its name decides nothing but the random numbers.</param>
    /// <param name="content">The base file, left as it is.</param>
    /// <param name="number">Which mutation of this base.</param>
    /// <param name="seed">The seed of the run.</param>
    public static Mutation Make(string name, byte[] content, int number, int seed)
    {
        Draft draft = new([.. content], new Random(Hash($"{seed}/{name}/{number}")));
        int chance = draft.Random.Next(100);
        switch (content)
        {
            case [(byte)'I', (byte)'I', ..] or [(byte)'M', (byte)'M', ..]:
                MutateTiff(draft, chance, name);
                break;
            case [0xFF, 0xD8, ..] when chance < 75:
                JpegSegments.Mutate(draft, 0);
                break;
            case [0x89, (byte)'P', ..] when chance < 75:
                PngChunks.Mutate(draft);
                break;
            case [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] when chance < 70:
                WebpChunks.Mutate(draft);
                break;
            default:
                AnyBytes.Mutate(draft);
                break;
        }

        return new Mutation(draft.ToArray(), draft.Recipe.Length == 0 ? "nothing changed" : draft.Recipe);
    }

    private static void MutateTiff(Draft draft, int chance, string name)
    {
        bool isRaw = !name.EndsWith(".tif", StringComparison.Ordinal);
        if (chance < 45)
        {
            TiffFields.Mutate(draft);
        }
        else if (chance < 58 && isRaw)
        {
            DngFields.Mutate(draft);
        }
        else if (chance < 78 && JpegSegments.FindInside(draft) is { Count: > 0 } starts)
        {
            JpegSegments.Mutate(draft, draft.Pick(starts));
        }
        else
        {
            AnyBytes.Mutate(draft);
        }
    }

    // FNV-1a, because the runtime's hash of a text differs from run to run.
    private static int Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
            hash = unchecked((hash ^ c) * 16777619);
        return (int)(hash & int.MaxValue);
    }
}
