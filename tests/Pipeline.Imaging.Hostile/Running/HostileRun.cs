namespace Pipeline.Imaging.Hostile;

/// <summary>A whole run: the hunt, the executors, the peers, the table, and the verdict.</summary>
internal sealed class HostileRun(HuntOptions options, string? cameraFolder)
{
    public async Task<int> RunAsync()
    {
        SortedDictionary<string, byte[]> bases = BaseFiles.Make();
        foreach ((string name, byte[] content) in BaseFiles.ReadCameraFiles(cameraFolder))
            bases[name] = content;
        if (cameraFolder is null)
            Console.WriteLine("Camera files: none, there is no folder shared/raw beside the checkout.");
        foreach (string name in bases.Keys.Where(name => !name.StartsWith(options.Only, StringComparison.Ordinal)).ToList())
            bases.Remove(name);
        string scratch = Directory.CreateTempSubdirectory("pipeline-hostile-").FullName;
        try
        {
            List<(string Base, int Number, Outcome First, Outcome Second)> results = await new Hunt(options, bases).RunAsync(Directory.CreateDirectory(Path.Combine(scratch, "bases")).FullName);
            List<Finding> findings = [.. Hunt.Judge(results)];
            ResultTable.Print(Console.Out, results, findings);
            if (options.Executors > 0)
                findings.AddRange(CompareExecutors(Path.Combine(scratch, "executors"), bases, results));
            if (options.Peers)
                findings.AddRange(AskPeers(Path.Combine(scratch, "accepted"), bases, results));
            KeptInputs.Write(options, bases, findings);
            return Report(findings, [.. bases.Keys, "tool"]);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private IReadOnlyList<Finding> CompareExecutors(string folder, SortedDictionary<string, byte[]> bases, List<(string Base, int Number, Outcome First, Outcome Second)> results)
    {
        // Crashes, hangs and the like are findings already, and would end this comparison.
        List<(string Base, int Number, Outcome First, Outcome Second)> ended = [.. results.Where(static r => r.First.Kind <= OutcomeKind.Refused && r.Second.Kind <= OutcomeKind.Refused && r.First.Milliseconds < 5000)];
        int step = Math.Max(1, ended.Count / options.Executors);
        List<(string Base, int Number, string File)> photos = [.. ended.Where((_, i) => i % step == 0).Select(static r => (r.Base, r.Number, Path.GetFileNameWithoutExtension(KeptInputs.FileName(r.Base, r.Number))))];
        WriteAll(folder, bases, photos.Select(static photo => (photo.Base, photo.Number)));
        return ExecutorComparison.Compare(folder, photos);
    }

    private List<Finding> AskPeers(string folder, SortedDictionary<string, byte[]> bases, List<(string Base, int Number, Outcome First, Outcome Second)> results)
    {
        List<(string Base, int Number)> accepted = [.. results.Where(static r => r.First.Kind == OutcomeKind.Accepted && !r.Base.StartsWith("camera-", StringComparison.Ordinal)).Select(static r => (r.Base, r.Number))];
        WriteAll(folder, bases, accepted);
        return [.. StricterPeers.Ask([.. accepted.Select(photo => (photo.Base, photo.Number, Path.Combine(folder, KeptInputs.FileName(photo.Base, photo.Number))))])];
    }

    private void WriteAll(string folder, SortedDictionary<string, byte[]> bases, IEnumerable<(string Base, int Number)> photos)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, int number) in photos)
            File.WriteAllBytes(Path.Combine(folder, KeptInputs.FileName(name, number)), Mutation.Make(name, bases[name], number, options.Seed).Bytes);
    }

    private int Report(List<Finding> findings, HashSet<string> tried)
    {
        KnownFailures? known = options.Known ? KnownFailures.Read(Path.Combine(AppContext.BaseDirectory, "known-failures.txt")) : null;
        List<Finding> fresh = [.. known?.New(findings) ?? findings];
        List<(string Kind, string Base)> mended = options.JudgesKnown ? [.. known!.Mended(findings, tried, options.Peers)] : [];
        foreach (IGrouping<(string Kind, string Base), Finding> group in fresh.GroupBy(static finding => (finding.Kind, finding.Base)))
            Console.WriteLine($"{group.Key.Kind}\t{group.Key.Base}\t{group.Count()} times, first {group.First().Number}: {group.First().What}");
        foreach ((string kind, string name) in mended)
            Console.WriteLine($"'{kind}' of '{name}' is listed in known-failures.txt and did not come. Remove the row.");
        if (findings.Count > 0)
            Console.WriteLine($"{findings.Count} findings, their inputs are in {options.Keep}; {findings.Count - fresh.Count} belong to known failures.");
        return fresh.Count + mended.Count == 0 ? 0 : 1;
    }
}
