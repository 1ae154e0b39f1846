using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Core.Tests.Resume;

/// <summary>A process with a journal is killed again and again.</summary>
public sealed class JournalKillTests : JournalTest
{
    private const int Items = 3000;

    private string Results => Path + ".results";

    [Fact]
    public async Task Run_KilledAgainAndAgain_DoesEveryItemAndNoneThatIsRecordedTwice()
    {
        HashSet<int> recorded = [];
        List<int> delivered = [];
        foreach (int items in (int[])[1, 20, 300, 1, 777, 1000])
        {
            using Process process = Start(items + 100);
            for (int i = 0; i < items; i++)
                Assert.NotNull(await process.StandardOutput.ReadLineAsync().OrHang());
            process.Kill();
            await process.WaitForExitAsync().OrHang();

            List<int> now = ReadResults();
            Assert.True(now.Count >= delivered.Count + items);
            Assert.Empty(now.Skip(delivered.Count).Intersect(recorded));
            delivered = now;
            recorded = RecordedKeys();
            Assert.Empty(recorded.Except(delivered));
        }

        Assert.InRange(recorded.Count, 1, Items - 1);
        using Process last = Start(Items);
        string output = await last.StandardOutput.ReadToEndAsync().OrHang();
        await last.WaitForExitAsync().OrHang();
        Assert.Equal(0, last.ExitCode);
        Assert.EndsWith($"resumed {recorded.Count}", output.TrimEnd());
        List<int> all = ReadResults();
        Assert.Equal(Items - recorded.Count, all.Count - delivered.Count);
        Assert.Equal(Enumerable.Range(0, Items), all.Distinct().Order());
        Assert.Equal(Items, RecordedKeys().Count);
    }

    private Process Start(int most) =>
        Process.Start(new ProcessStartInfo(System.IO.Path.Combine(AppContext.BaseDirectory, "Pipeline.Processes.TestHost"), ["journal",
            Path, Results, Items.ToString(CultureInfo.InvariantCulture), most
                .ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true })!;

    private HashSet<int> RecordedKeys()
    {
        ResumeJournal<int> journal = ResumeJournal.Open<int>(Path, static item => item.ToString(CultureInfo.InvariantCulture));
        HashSet<int> recorded = [.. Enumerable.Range(0, Items).Where(journal.Contains)];
        Assert.Equal(journal.Count, recorded.Count);
        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return recorded;
    }

    /// <summary>Reads the whole lines; a kill may have cut the last one off.</summary>
    private List<int> ReadResults()
    {
        string text = File.ReadAllText(Results);
        string whole = text[..(text.LastIndexOf('\n') + 1)];
        if (whole.Length < text.Length)
            File.WriteAllText(Results, whole);
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => int.Parse(line, CultureInfo.InvariantCulture))];
    }
}
