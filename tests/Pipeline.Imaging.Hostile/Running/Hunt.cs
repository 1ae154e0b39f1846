using System.Diagnostics;

namespace Pipeline.Imaging.Hostile;

/// <summary>Decodes all mutations in two heaps, one forwards and one backwards, so that neither memory nor the photos before may matter.</summary>
internal sealed class Hunt(HuntOptions options, SortedDictionary<string, byte[]> bases)
{
    private const byte FirstPattern = 0x55, SecondPattern = 0xAA;

    public async Task<List<(string Base, int Number, Outcome First, Outcome Second)>> RunAsync(string folder)
    {
        foreach ((string name, byte[] content) in bases)
            await File.WriteAllBytesAsync(Path.Combine(folder, name), content);
        // Camera files are large, so there are fewer mutations of them.
        List<(string Base, int Number)> jobs = [.. bases.SelectMany(file => Enumerable.Range(0, Math.Max(1, file.Value.Length > 1 << 20 ? options.Count / 8 : options.Count)).Select(number => (file.Key, number)))];
        Outcome[] first = new Outcome[jobs.Count], second = new Outcome[jobs.Count];
        Stopwatch clock = Stopwatch.StartNew();
        await Task.WhenAll(DecodeAsync(FirstPattern, jobs, first, Enumerable.Range(0, jobs.Count)), DecodeAsync(SecondPattern, jobs, second, Enumerable.Range(0, jobs.Count).Reverse()));
        Console.WriteLine($"{jobs.Count} mutations of {bases.Count} files, decoded twice in {clock.Elapsed.TotalSeconds:F0} s, seed {options.Seed}");
        return [.. jobs.Select((job, i) => (job.Base, job.Number, first[i], second[i]))];

        async Task DecodeAsync(byte pattern, List<(string Base, int Number)> all, Outcome[] outcomes, IEnumerable<int> order)
        {
            using WorkerProcess worker = new(folder, pattern, options);
            foreach (int i in order)
                outcomes[i] = await worker.DecodeAsync(all[i].Base, all[i].Number);
        }
    }

    /// <summary>Says what must not be.</summary>
    public static IEnumerable<Finding> Judge(IEnumerable<(string Base, int Number, Outcome First, Outcome Second)> results)
    {
        foreach ((string name, int number, Outcome first, Outcome second) in results)
        {
            Outcome worst = first.Kind > second.Kind ? first : second;
            Finding Found(string kind, string what) => new(kind, name, number, what);
            if (worst.Kind >= OutcomeKind.Untyped)
                yield return Found(worst.Kind.ToString().ToLowerInvariant(), $"{worst.Detail}: {worst.Message}");
            else if (first.Kind != second.Kind || (first.Kind == OutcomeKind.Accepted && first.Detail != second.Detail))
                yield return Found("differs", $"{first.Kind} {first.Detail} | {second.Kind} {second.Detail} {second.Message}");
            else if (first.Detail != second.Detail || first.Message != second.Message)
                yield return Found("message", $"{first.Detail}: {first.Message} | {second.Detail}: {second.Message}");
        }
    }
}
