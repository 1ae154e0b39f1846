using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Sync.Tests.Counters;

public sealed class SharedCounterTests : IDisposable
{
    private static readonly CounterDefinition[] s_definitions = [new("photos", "photo"), new("in-work", "photo", CounterKind.Gauge),
        new("bytes", "By")];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_TwoObjectsOnOneFile_SeeOneTotalInStripesOfTheirOwn()
    {
        using SharedCounter a = SharedCounter.Open(_folder["c"], "photos");
        using SharedCounter b = SharedCounter.Open(_folder["c"], "photos");
        a.Add(40);
        b.Add(2);
        Assert.Equal((42, 42), (a.ApproximateTotal, b.ApproximateTotal));
        Assert.Equal((40, 2), (a.OwnPart, b.OwnPart));
    }

    [Fact]
    public async Task Open_WhileOthersRead_IsNeverRefusedTheOnlyFreePlace()
    {
        SharedCounterSet.Open(_folder["c"], s_definitions, new() { MaxProcesses = 1 }).Dispose();
        using CancellationTokenSource done = new();
        Task reading = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                _ = SharedCounterSet.Read(_folder["c"]);
        }, CancellationToken.None);
        try
        {
            for (int i = 0; i < 2000; i++)
                SharedCounterSet.Open(_folder["c"], s_definitions).Dispose();
        }
        finally
        {
            await done.CancelAsync();
            await reading.WithinLimit();
        }
    }

    [Fact]
    public void Open_AfterAKillWhileTheFileWasMade_RemovesWhatWasLeftBehind()
    {
        File.WriteAllText(_folder["c.4711.0123456789abcdef0123456789abcdef.new"], "half a file");
        File.WriteAllText(_folder["c.other.4711.0123456789abcdef0123456789abcdef.new"], "not of this file");
        using SharedCounterSet set = SharedCounterSet.Open(_folder["c"], s_definitions);
        Assert.Equal([_folder["c"], _folder["c.other.4711.0123456789abcdef0123456789abcdef.new"]], Directory.GetFiles(_folder.Path)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Open_ManyAtOnceOnANewFile_AllSeeOneFileAndLeaveNothingElse()
    {
        for (int round = 0; round < 50; round++)
        {
            string path = _folder[$"new {round}"];
            using Barrier start = new(4);
            SharedCounterSet[] sets = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                Assert.True(start.SignalAndWait(Limits.Hang));
                return SharedCounterSet.Open(path, s_definitions);
            }, CancellationToken.None))).WithinLimit();
            Assert.Equal([0, 1, 2, 3], sets.Select(set => set.Stripe).Order());
            foreach (SharedCounterSet set in sets)
                set.Dispose();
            Assert.Empty(Directory.GetFiles(_folder.Path, "*.new"));
        }
    }

    [Fact]
    public void Open_AfterAProcessLeft_ItsPartIsKeptAndItsPlaceUsedAgain()
    {
        using (SharedCounter gone = SharedCounter.Open(_folder["c"], "photos"))
            gone.Add(5);
        using SharedCounterSet next = SharedCounterSet.Open(_folder["c"], [new("photos")]);
        next["photos"].Increment();
        Assert.Equal(0, next.Stripe);
        Assert.Equal(6, next["photos"].ApproximateTotal);
        SharedCounterReport report = SharedCounterSet.Read(_folder["c"]);
        Assert.Equal(6, Assert.Single(report.Totals).ApproximateTotal);
        Assert.True(Assert.Single(report.Parts).IsLive);
        Assert.Contains("photos: 6", report.ToString());
    }

    [Fact]
    public void Open_PlaceOfADeadProcess_KeepsTotalsAndZeroesGauges()
    {
        byte[] image;
        using (SharedCounterSet set = SharedCounterSet.Open(_folder["c"], s_definitions))
        {
            set["photos"].Add(3);
            set["in-work"].Add(2);
            image = File.ReadAllBytes(_folder["c"]);
        }

        File.WriteAllBytes(_folder["c"], image); // as a kill leaves it: the gauge still shows the photos in work
        Assert.Equal(2, SharedCounterSet.Read(_folder["c"]).Totals[1].ApproximateTotal);
        using SharedCounterSet next = SharedCounterSet.Open(_folder["c"], s_definitions);
        Assert.Equal(3, next["photos"].ApproximateTotal);
        Assert.Equal(0, next["in-work"].ApproximateTotal);
    }

    [Fact]
    public void Open_AllPlacesTaken_SaysHowManyThereAre()
    {
        using SharedCounterSet a = SharedCounterSet.Open(_folder["c"], s_definitions, new() { MaxProcesses = 2 });
        using SharedCounterSet b = SharedCounterSet.Open(_folder["c"], s_definitions, new() { MaxProcesses = 7 }); // the file says 2
        IOException error = Assert.Throws<IOException>(() => SharedCounterSet.Open(_folder["c"], s_definitions));
        Assert.Contains("All 2 places", error.Message);
    }

    [Fact]
    public void Add_NegativeToATotal_IsRefusedAndAllowedForAGauge()
    {
        using SharedCounterSet set = SharedCounterSet.Open(_folder["c"], s_definitions);
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => set["photos"].Add(-1));
        Assert.Contains("never falls", error.Message);
        set["in-work"].Add(2);
        set["in-work"].Add(-2);
        Assert.Equal(0, set["in-work"].ApproximateTotal);
        Assert.Contains("It has: photos, in-work, bytes", Assert.Throws<KeyNotFoundException>(() => set["other"]).Message);
    }

    [Fact]
    public void Add_AfterDispose_Throws()
    {
        SharedCounterSet set = SharedCounterSet.Open(_folder["c"], s_definitions);
        SharedCounter counter = set["photos"];
        set.Dispose();
        set.Dispose();
        Assert.Throws<ObjectDisposedException>(counter.Increment);
        Assert.Throws<ObjectDisposedException>(() => counter.ApproximateTotal);
        Assert.Throws<ObjectDisposedException>(set.Checkpoint);
    }

    [Fact]
    public void Increment_ManyThreadsOfSeveralObjectsWhileOthersOpenAndClose_LosesNothing()
    {
        Parallel.For(0, 8, _ =>
        {
            for (int round = 0; round < 10; round++)
            {
                using SharedCounter counter = SharedCounter.Open(_folder["c"], "photos");
                for (int i = 0; i < 1000; i++)
                    counter.Increment();
            }
        });
        Assert.Equal(80_000, SharedCounterSet.Read(_folder["c"]).Totals[0].ApproximateTotal);
    }

    [Fact]
    public void Checkpoint_AfterAdding_LeavesTheTotalInTheFile()
    {
        using SharedCounterSet set = SharedCounterSet.Open(_folder["c"], s_definitions);
        set["bytes"].Add(1 << 20);
        set.Checkpoint();
        Assert.Equal(1 << 20, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(_folder["c"]).AsSpan(4096 + 16)));
    }

    [Fact]
    public void Open_OtherCountersThanTheFileHas_NamesBoth()
    {
        using (SharedCounterSet.Open(_folder["c"], s_definitions))
        {
        }

        InvalidDataException error =
            Assert.Throws<InvalidDataException>(() => SharedCounterSet.Open(_folder["c"], [.. s_definitions.Reverse()]));
        Assert.Contains("[photos in photo Total, in-work in photo Gauge, bytes in By Total], but [bytes in By Total", error.Message);
    }

    [Fact]
    public void ToHeader_FixedId_HasTheGoldenBytes()
    {
        byte[] header = CounterLayout.Create(s_definitions, 64, new Guid("00112233-4455-6677-8899-aabbccddeeff")).ToHeader();
        Assert.Equal(4096, header.Length);
        // Computed by an independent program from the layout that CounterLayout documents.
        Assert.Equal(
            "504C434F554E5431010000000010000004030201030000004000000080000000"
            + "EDC416833FF515E133221100554477668899AABBCCDDEEFF270000002F49404F"
            + "000670686F746F730570686F746F0107696E2D776F726B0570686F746F000562"
            + "7974657302427900",
            Convert.ToHexString(header.AsSpan(0, 104)));
        Assert.Equal("CE7B2E70", Convert.ToHexString(header.AsSpan(4092)));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(uint.MaxValue)]
    public void Open_OtherLayoutVersion_IsRefusedAndTheFileLeftAsItIs(uint version)
    {
        byte[] image = Image();
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(8), version);
        File.WriteAllBytes(_folder["c"], image);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SharedCounterSet.Open(_folder["c"], s_definitions));
        Assert.Contains($"layout version {version}", error.Message);
        Assert.Equal(image, File.ReadAllBytes(_folder["c"]));
    }

    [Property(MaxTest = 2000)]
    public void Read_AnyBytesFlippedOrCutOff_IsRefusedOrReadAndNeverCrashes(NonEmptyArray<(ushort Position, byte Flip)> damage, ushort cut)
    {
        byte[] image = Image();
        foreach ((ushort position, byte flip) in damage.Get)
            image[position % image.Length] ^= flip;
        int length = cut % 4 == 0 ? cut % image.Length : image.Length;
        using MemoryStream stream = new(image, 0, length);
        try
        {
            CounterLayout layout = CounterLayout.Read(stream, "damaged");
            bool headerIsWhole = length == image.Length && damage.Get.GroupBy(each => each.Position % image.Length)
                .All(group => group.Key >= 4096 || group.Aggregate(0, (flip, each) => flip ^ each.Flip) == 0);
            Assert.True(headerIsWhole, "A damaged header was accepted.");
            layout.Report("damaged", image.AsSpan(4096), new bool[layout.Stripes]);
        }
        catch (InvalidDataException)
        {
            // refused
        }
    }

    [Theory]
    [InlineData("", "photo")]
    [InlineData("has space", "photo")]
    [InlineData("photos", "no/slash")]
    public void Open_DefinitionThatIsNotAllowed_Throws(string name, string unit) =>
        Assert.ThrowsAny<ArgumentException>(() => SharedCounterSet.Open(_folder["c"], [new(name, unit)]));

    [Fact]
    public void Open_TooManyOrTooFewOrDoubleCounters_Throws()
    {
        Assert.Throws<ArgumentException>(() => SharedCounterSet.Open(_folder["c"], []));
        Assert.Throws<ArgumentException>(() =>
            SharedCounterSet.Open(_folder["c"], [.. Enumerable.Range(0, 65).Select(i => new CounterDefinition($"c{i}"))]));
        Assert.Throws<ArgumentException>(() => SharedCounterSet.Open(_folder["c"], [new("a"), new("a")]));
        Assert.Throws<ArgumentException>(() => SharedCounterSet.Open(
            _folder["c"], [.. Enumerable.Range(0, 64).Select(i => new CounterDefinition(new string('x', 60) + i, new string('u', 32)))]));
    }

    private static byte[] Image()
    {
        CounterLayout layout = CounterLayout.Create(s_definitions, 4);
        byte[] image = new byte[layout.FileLength];
        layout.ToHeader().CopyTo(image, 0);
        return image;
    }
}
