namespace Pipeline.Core.Tests.Resume;

/// <summary>A journal file in a folder of its own.</summary>
public abstract class JournalTest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-test-").FullName;

    private protected string Path => System.IO.Path.Combine(_folder, "journal");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected static string Key(int item) => $"item {item}";

    private protected ResumeJournal<int> Open(string job = "") =>
        ResumeJournal.Open<int>(Path, Key, new ResumeJournalOptions { Job = job });

    /// <summary>Reads which of the first items the file has.</summary>
    private protected HashSet<int> Recorded(int items)
    {
        ResumeJournal<int> journal = Open();
        HashSet<int> recorded = [.. Enumerable.Range(0, items).Where(journal.Contains)];
        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return recorded;
    }
}
