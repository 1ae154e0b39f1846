using Pipeline.Core;

namespace Pipeline.Imaging.Tests;

public sealed class DeterminismTests
{
    [Fact]
    public async Task RunAsync_AnyWorkersAndOrder_GivesTheSameBytes()
    {
        using Scratch scratch = new();
        CancellationToken token = TestContext.Current.CancellationToken;
        string[] photos = Enumerable.Range(0, 5).Select(i => scratch.File($"p{i}.dng")).ToArray();
        for (int i = 0; i < photos.Length; i++)
            new SyntheticCamera(480, 320) { Orientation = 1 + i, Compression = (DngCompression)(i % 2) }.TakePhoto(photos[i], i, token);
        string logo = scratch.Write("logo.png", Pictures.Png(Pictures.Solid(40, 20, 250, 250, 250)));
        List<string> seen = new();
        foreach ((int workers, StageOrder order) in ((int, StageOrder)[])[(1, StageOrder.Input), (2, StageOrder.Input),
            (4, StageOrder.Completion), (2, StageOrder.Completion), (1, StageOrder.Input)])
        {
            string folder = scratch.File($"out{seen.Count}");
            void Order(StageOptions options) => options.Order = order;
            StagedPipeline<string, StoredPhoto> job = PipelineBuilder.Start<string>("develop")
                .Stage("decode", new DecodePhoto(), Order)
                .Stage("resize", new ResizeTo(200, 60), Order)
                .Stage("filter", new FilterChain(new GaussianBlur(0.8), new Sharpen(0.6)), Order)
                .Stage("watermark", new Watermark(logo), Order)
                .Stage("encode", new Encode(new JpegFormat()), Order)
                .Stage("store", new StoreIn(new FileStore(folder)), Order)
                .Build();
            List<StoredOutput> outputs = new();
            RunReport report = await job.RunAsync(
                photos,
                (photo, _) =>
                {
                    lock (outputs)
                        outputs.AddRange(photo.Outputs);
                    return ValueTask.CompletedTask;
                },
                new RunOptions { Workers = workers, MemoryBudgetBytes = 64 << 20 },
                token);
            Assert.Equal((5, 5), (report.ItemsIn, report.ItemsCompleted));
            Assert.True(report.PeakInFlightBytes <= 64 << 20 || report.ItemsOverBudget > 0);
            seen.Add(string.Join('\n', outputs.Select(o => $"{Path.GetFileName(o.Path)} {o.Sha256}").Order()));
        }

        Assert.Equal(10, seen[0].Split('\n').Length);
        Assert.Single(seen.Distinct());
    }
}
