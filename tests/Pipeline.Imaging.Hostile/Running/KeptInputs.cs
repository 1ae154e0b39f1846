namespace Pipeline.Imaging.Hostile;

/// <summary>Keeps the inputs of findings, each with a text that says how it was made and what came.</summary>
internal static class KeptInputs
{
    private const int MostPerKindAndBase = 5;

    public static void Write(HuntOptions options, SortedDictionary<string, byte[]> bases, IEnumerable<Finding> findings)
    {
        foreach (IGrouping<(string Kind, string Base), Finding> group in findings.GroupBy(static finding => (finding.Kind, finding.Base)))
        {
            foreach (Finding finding in group.Take(MostPerKindAndBase))
            {
                if (!bases.TryGetValue(finding.Base, out byte[]? content))
                    continue;
                Mutation mutation = Mutation.Make(finding.Base, content, finding.Number, options.Seed);
                string folder = Directory.CreateDirectory(Path.Combine(options.Keep, finding.Kind)).FullName, file = FileName(finding.Base, finding.Number);
                File.WriteAllBytes(Path.Combine(folder, file), mutation.Bytes);
                File.WriteAllText(
                    Path.Combine(folder, file + ".txt"),
                    $"base: {finding.Base}, mutation {finding.Number}, seed {options.Seed}\nchange: {mutation.Recipe}\nwhat came: {finding.What}\nagain: Pipeline.Imaging.Hostile make {finding.Base} {finding.Number} FILE --seed {options.Seed}\n");
            }
        }
    }

    /// <summary>Gets the file name of a mutation: the base's name with the number before the extension.</summary>
    public static string FileName(string name, int number) => $"{Path.GetFileNameWithoutExtension(name)}.{number:0000}{Path.GetExtension(name)}";
}
