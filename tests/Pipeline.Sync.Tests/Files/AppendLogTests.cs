using System.Collections.Concurrent;
using System.Text;

namespace Pipeline.Sync.Tests.Files;

/// <summary>What an append log keeps through prefixes, damage, foreign files, a second writer, many threads and replacement.</summary>
public sealed class AppendLogTests : IDisposable
{
    private static readonly string[] s_records = ["a", "photos/2024/IMG_0001.NEF", "ключ", new('x', 300), "\0", "c"];
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_EveryPrefix_HasExactlyTheWholeRecordsAndGoesOn()
    {
        List<long> ends = [];
        await using (AppendLog log = Open())
        {
            foreach (string record in s_records)
            {
                ends.Add(new FileInfo(File).Length);
                await log.AppendAsync(Bytes(record));
            }
        }

        byte[] whole = await System.IO.File.ReadAllBytesAsync(File);
        ends.Add(whole.Length);
        for (int length = 0; length <= whole.Length; length++)
        {
            await System.IO.File.WriteAllBytesAsync(File, whole[..length]);
            int records = Math.Max(0, ends.Count(end => end <= length) - 1);
            (AppendLogContent? content, List<string> found) = Read();
            Assert.Equal(length < ends[0], content is null);
            Assert.Equal(s_records[..records], found);
            found.Clear();
            await using (AppendLog log = Open(found))
            {
                Assert.Equal(s_records[..records], found);
                Assert.Equal(length < ends[0] ? length : length - ends[records], log.Content.TornBytes);
                await log.AppendAsync(Bytes("one more"));
            }

            Assert.Equal([.. s_records[..records], "one more"], Read().Found);
        }
    }

    [Fact]
    public async Task Open_EveryByteFlipped_IsRefusedOrCutAndNeverGivesAnotherRecord()
    {
        await WriteAsync(s_records);
        byte[] whole = await System.IO.File.ReadAllBytesAsync(File);
        long lastStart = whole.Length - 8 - 1;
        for (int index = 0; index < whole.Length; index++)
        {
            byte[] damaged = [.. whole];
            damaged[index] ^= 0x10;
            await System.IO.File.WriteAllBytesAsync(File, damaged);
            if (index < lastStart)
            {
                AppendLogException error = Assert.Throws<AppendLogException>(() => Open());
                Assert.Equal(damaged, await System.IO.File.ReadAllBytesAsync(File));
                Assert.Contains($"'{File}'", error.Message);
                Assert.InRange(error.Offset, error.Problem == AppendLogProblem.Damaged ? Math.Min(index, 64) - 64 : 0, index);
                Assert.Equal(index >= 64, error.Offset > 0);
            }
            else
            {
                await using AppendLog log = Open(); // nothing complete follows, as after a crash
                Assert.Equal(lastStart, log.Content.End);
            }
        }
    }

    [Fact]
    public async Task Open_PassesOverDamage_GivesTheRecordsAroundIt()
    {
        await WriteAsync(s_records);
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes[64 + 9 + 10] ^= 1; // in the second record
        await System.IO.File.WriteAllBytesAsync(File, bytes);
        (AppendLogContent? content, List<string> found) = Read();
        Assert.Equal((73L, 73L), (content!.Damage, content.End));
        Assert.Equal(["a"], found);
        List<string> kept = [];
        await using AppendLog log =
            AppendLog.Open(File, Options(passesOverDamage: true), record => kept.Add(Encoding.UTF8.GetString(record)));
        Assert.Equal(["a", .. s_records[2..]], kept);
        Assert.Equal((73L, 8L + s_records[1].Length), (log.Content.Damage, log.Content.DamagedBytes));
        await log.AppendAsync(Bytes("after"));
        Assert.Equal(["a"], Read().Found); // still damaged
        Assert.Equal(AppendLogProblem.Held, Assert.Throws<AppendLogException>(() => Open()).Problem);
    }

    [Theory]
    [InlineData("PLJRNL01 and a journal of an older format", AppendLogProblem.OtherKind, "is something else")]
    [InlineData("h", AppendLogProblem.OtherKind, "is something else")]
    [InlineData("PLAPLOG1photos\0\0", AppendLogProblem.OtherKind, "a log of kind 'test'")]
    [InlineData("PLAPLOG1test\0\0\0\0\u0002\0", AppendLogProblem.OtherVersion, "is of version 2")]
    [InlineData("PLAPLOG1test\0\0\0\0\u0001\0\u0009\0", AppendLogProblem.OtherSubject, "another subject")]
    public async Task Open_ForeignFile_IsRefusedAndLeavesIt(string content, AppendLogProblem problem, string text)
    {
        await System.IO.File.WriteAllTextAsync(File, content);
        AppendLogException error = Assert.Throws<AppendLogException>(() => Open());
        Assert.Equal(problem, error.Problem);
        Assert.Contains(text, error.Message);
        Assert.Equal(content, await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public async Task Open_AnotherSubject_IsRefused()
    {
        await AppendLog.Open(File, Options("3840 px")).DisposeAsync();
        Assert.Equal(AppendLogProblem.OtherSubject,
            Assert.Throws<AppendLogException>(() => AppendLog.Open(File, Options("1920 px"))).Problem);
        await AppendLog.Open(File, Options("3840 px")).DisposeAsync();
    }

    [Fact]
    public async Task Open_RecordOfAnotherLogOrPlace_IsNotTakenForOne()
    {
        await WriteAsync("one");
        byte[] first = await System.IO.File.ReadAllBytesAsync(File);
        await System.IO.File.WriteAllBytesAsync(File, [.. first, .. first[64..]]); // its own record, at another place
        Assert.Equal(["one"], Read().Found);
        System.IO.File.Delete(File);
        await WriteAsync("two");
        byte[] second = await System.IO.File.ReadAllBytesAsync(File);
        await System.IO.File.WriteAllBytesAsync(File, [.. first[..64], .. second[64..]]); // another log's record, at the right place
        Assert.Empty(Read().Found);
    }

    [Fact]
    public async Task Append_ManyThreads_KeepsTheOrderOfEachAndFlushWaitsForAll()
    {
        List<int> found = [];
        await using (AppendLog log = AppendLog.Open(File, Options(durability: Durability.ProcessCrash)))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
            {
                for (int i = 0; i < 500; i++)
                {
                    if (i % 50 == 0)
                        await log.AppendAsync(BitConverter.GetBytes((thread * 1000) + i));
                    else
                        log.Append(BitConverter.GetBytes((thread * 1000) + i));
                }
            }))).WaitAsync(Limits.Hang);
            await log.FlushAsync().WaitAsync(Limits.Hang);
            Assert.Equal(64 + (2000 * 12), AppendLog.Read(File, Options(), record => found.Add(BitConverter.ToInt32(record)))!.End);
        }

        Assert.All(found.GroupBy(value => value / 1000), group => Assert.Equal(Enumerable.Range(group.Key * 1000, 500), group));
    }

    [Fact]
    public async Task Read_WhileAnotherWrites_NeverSeesDamageAndGoesOnWhereItStopped()
    {
        await using AppendLog log = AppendLog.Open(File, Options(durability: Durability.ProcessCrash));
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 3000; i++)
                await log.AppendAsync(BitConverter.GetBytes(i));
        });
        List<int> found = [];
        long end = 0;
        bool isLast;
        do
        {
            isLast = writing.IsCompleted;
            AppendLogContent content = AppendLog.Read(File, Options(), record => found.Add(BitConverter.ToInt32(record)), _ => end)!;
            Assert.Null(content.Damage);
            end = content.End;
        }
        while (!isLast);
        await writing;
        Assert.Equal(Enumerable.Range(0, 3000), found);
    }

    [Fact]
    public async Task Append_AfterDispose_FailsTheLogAndTellsItOnce()
    {
        ConcurrentQueue<Exception> told = [];
        AppendLogOptions options = Options();
        options.OnFailure = told.Enqueue;
        AppendLog log = AppendLog.Open(File, options);
        await log.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.AppendAsync(Bytes("late")));
        log.Append(Bytes("late"));
        await Assert.ThrowsAnyAsync<IOException>(() => log.FlushAsync().WaitAsync(Limits.Hang));
        log.Append(Bytes("later"));
        await log.DisposeAsync();
        Assert.IsType<ObjectDisposedException>(Assert.Single(told));
        Assert.IsType<ObjectDisposedException>(log.Failure);
    }

    [Fact]
    public async Task Open_BadOptionsAndRecords_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => AppendLog.Open(File, new AppendLogOptions { Kind = "too long a kind" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => AppendLog.Open(File, new AppendLogOptions { Kind = "test", Version = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => AppendLog.Open(File, Options(durability: (Durability)7)));
        Assert.Throws<ArgumentException>(() => AppendLog.Open(File, Options(new string('s', 4097))));
        Assert.False(System.IO.File.Exists(File));
        await using AppendLog log = Open();
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Append([]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await log.AppendAsync(new byte[AppendLog.MaxRecordBytes + 1]));
        await log.AppendAsync(new byte[AppendLog.MaxRecordBytes]);
        Assert.Equal(AppendLog.MaxRecordBytes, Read().Found[0].Length);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static AppendLogOptions Options(
        string subject = "", Durability durability = Durability.PowerLoss, bool passesOverDamage = false) =>
        new() { Kind = "test", Subject = Bytes(subject), Durability = durability, PassesOverDamage = passesOverDamage };

    private AppendLog Open(List<string>? found = null) =>
        AppendLog.Open(File, Options(), found is null ? null : record => found.Add(Encoding.UTF8.GetString(record)));

    private (AppendLogContent? Content, List<string> Found) Read()
    {
        List<string> found = [];
        return (AppendLog.Read(File, Options(), record => found.Add(Encoding.UTF8.GetString(record))), found);
    }

    private async Task WriteAsync(params string[] records)
    {
        await using AppendLog log = Open();
        foreach (string record in records)
            await log.AppendAsync(Bytes(record));
    }
}
