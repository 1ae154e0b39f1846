namespace Pipeline.Cli;

/// <summary>Gives every photo an output name of its own before any work starts.</summary>
/// <param name="Photos">The photos with their output names, in input order.</param>
/// <param name="Renamed">Photos that would have shared a name with another photo and got a longer one.</param>
internal sealed record OutputPlan(IReadOnlyList<PlannedPhoto> Photos, IReadOnlyList<PlannedPhoto> Renamed)
{
    /// <summary>Names the outputs: the folder within the input and the file's name without its extension.</summary>
    /// <remarks>
    /// Photos that would share a name get, one after the other until they differ: the extension (RAW and JPEG of one shot), the name of the input folder in
    /// front (two cards of one camera), a number. The names depend only on the inputs.
    /// </remarks>
    public static OutputPlan For(IReadOnlyList<InputPhoto> photos)
    {
        Func<InputPhoto, string>[] names =
        [
            photo => Join(photo.RelativeFolder, Stem(photo.Path)),
            photo => Join(photo.RelativeFolder, Path.GetFileName(photo.Path)),
            photo => Join(photo.Root, photo.RelativeFolder, Path.GetFileName(photo.Path)),
        ];
        string[] chosen = new string[photos.Count];
        HashSet<string> taken = new(FileNames.OutputComparer);
        int[] open = [.. Enumerable.Range(0, photos.Count)];
        foreach (Func<InputPhoto, string> name in names)
        {
            foreach (IGrouping<string, int> sharing in open.GroupBy(index => name(photos[index]), FileNames.OutputComparer).ToList())
            {
                int[] members = [.. sharing];
                if (members.Length > 1 || taken.Contains(sharing.Key))
                    continue;
                chosen[members[0]] = sharing.Key;
            }

            // After the round, so that a name is unique among all that stood for it.
            taken.UnionWith(open.Where(index => chosen[index] is not null).Select(index => chosen[index]));
            open = [.. open.Where(index => chosen[index] is null)];
        }

        foreach (int index in open)
        {
            string name = names[^1](photos[index]);
            string candidate = name;
            for (int number = 2; !taken.Add(candidate); number++)
                candidate = $"{name}-{number}";
            chosen[index] = candidate;
        }

        PlannedPhoto[] planned = [.. photos.Select((photo, index) => new PlannedPhoto(photo, chosen[index]))];
        return new OutputPlan(planned, [.. planned.Where(photo => photo.OutputName != names[0](photo.Photo))]);
    }

    private static string Stem(string path) =>
        Path.GetFileNameWithoutExtension(path) is { Length: > 0 } stem ? stem : Path.GetFileName(path);

    private static string Join(params string[] parts) =>
        string.Join('/', parts.Where(part => part.Length > 0)).Replace(Path.DirectorySeparatorChar, '/');
}
