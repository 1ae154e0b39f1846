using Pipeline.Sync;

namespace Pipeline.Core.Tests.Resume;

/// <summary>What a journal file may look like and what is refused.</summary>
public sealed class JournalFileTests : JournalTest
{
    private static readonly string[] s_keys = ["a", "photos/2024/IMG_0001.NEF", "ключ", "日本語のキー", new('x', 300), "b", "\0", "c"];
    private static readonly StagedPipeline<string, string> s_nothing = PipelineBuilder.Start<string>("nothing")
        .Stage("work", static x => x)
        .Build();

    [Fact]
    public async Task Open_EveryPrefixOfAJournal_HasExactlyTheWholeRecordsAndGoesOn()
    {
        List<long> ends = [];
        foreach (string key in (string[])["", .. s_keys])
        {
            await RecordAsync(key);
            ends.Add(new FileInfo(Path).Length);
        }

        byte[] whole = await File.ReadAllBytesAsync(Path);
        Assert.Equal(whole.Length, ends[^1]);
        for (int length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path, whole[..length]);
            int records = Math.Max(0, ends.Count(end => end <= length) - 1);
            await using (ResumeJournal<string> journal = OpenText())
            {
                Assert.Equal(s_keys[..records], s_keys.Where(journal.Contains));
                Assert.Equal(records, journal.Count);
                Assert.Equal(length < ends[0] ? length : length - ends[records], journal.TornBytes);
                await s_nothing.RunAsync(["one more"], new RunOptions { Journal = journal }).OrHang();
            }

            await using ResumeJournal<string> again = OpenText();
            Assert.Equal((records + 1, 0L, true), (again.Count, again.TornBytes, again.Contains("one more")));
        }
    }

    [Fact]
    public async Task Open_ZerosBehindTheLastRecord_AreCutOff()
    {
        await RecordAsync("a");
        long length = new FileInfo(Path).Length;
        await File.AppendAllBytesAsync(Path, new byte[5000]);
        await using ResumeJournal<string> journal = OpenText();
        Assert.Equal((1L, 5000L), (journal.Count, journal.TornBytes));
        Assert.Equal(length, new FileInfo(Path).Length);
    }

    [Fact]
    public async Task Open_DamageBeforeTheEnd_IsRefusedAndLeavesTheFile()
    {
        await RecordAsync("first");
        long start = new FileInfo(Path).Length;
        await RecordAsync("second");
        await RecordAsync("third");
        byte[] bytes = await File.ReadAllBytesAsync(Path);
        bytes[start + 9] ^= 1;
        await File.WriteAllBytesAsync(Path, bytes);
        Assert.Contains($"is damaged at byte {start}", Assert.Throws<ResumeJournalException>(OpenText).Message);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path));
    }

    [Theory]
    [InlineData("hello, I am a text")]
    [InlineData("h")]
    public async Task Open_ForeignFile_IsRefusedAndLeavesTheFile(string content)
    {
        await File.WriteAllTextAsync(Path, content);
        Assert.Contains("is something else", Assert.Throws<ResumeJournalException>(OpenText).Message);
        Assert.Equal(content, await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task Open_JournalOfAnotherJob_IsRefused()
    {
        await Open("3840 px").DisposeAsync();
        Assert.Contains("belongs to another job", Assert.Throws<ResumeJournalException>(() => Open("1920 px")).Message);
        await Open("3840 px").DisposeAsync();
    }

    [Fact]
    public async Task Open_LaterVersion_IsRefused()
    {
        await RecordAsync("a");
        byte[] bytes = await File.ReadAllBytesAsync(Path);
        bytes[16] = 2;
        await File.WriteAllBytesAsync(Path, bytes);
        Assert.Contains("is of version 2", Assert.Throws<ResumeJournalException>(OpenText).Message);
    }

    [Fact]
    public async Task Open_HeldAlready_IsRefused()
    {
        await using ResumeJournal<string> journal = OpenText();
        Assert.Throws<IOException>(OpenText);
    }

    [Fact]
    public void Open_BadOptions_AreRefused()
    {
        Assert.Contains("a job of 1001 characters", Assert.Throws<ArgumentException>(() => Open(new string('j', 1001))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ResumeJournal.Open<int>(Path, Key, new ResumeJournalOptions { Durability = (Durability)7 }));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task Durability_PowerLoss_RecordsTheSame()
    {
        await using (
            ResumeJournal<int> journal = ResumeJournal.Open<int>(Path, Key, new ResumeJournalOptions { Durability = Durability.PowerLoss }))
        {
            await PipelineBuilder.Start<int>("durable")
                .Stage("work", static x => x)
                .Build()
                .RunAsync(Enumerable.Range(0, 200), new RunOptions { Journal = journal })
                .OrHang();
            Assert.Equal(200, journal.Count);
        }

        Assert.Equal(200, Recorded(200).Count);
    }

    private ResumeJournal<string> OpenText() => ResumeJournal.Open<string>(Path, static key => key);

    private async Task RecordAsync(string key)
    {
        await using ResumeJournal<string> journal = OpenText();
        await s_nothing.RunAsync(key.Length > 0 ? [key] : [], new RunOptions { Journal = journal }).OrHang();
    }
}
