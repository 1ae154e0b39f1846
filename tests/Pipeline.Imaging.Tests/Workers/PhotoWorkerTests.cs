using Pipeline.Core;

namespace Pipeline.Imaging.Tests;

public sealed class PhotoWorkerTests
{
    [Fact]
    public async Task ProcessAsync_SpareWorker_MakesRenditionsAtTheSameTime()
    {
        using Scratch scratch = new();
        using Barrier both = new(2);
        // Each of two renditions waits for the other, so one thread alone would wait for ever.
        PixelFilter filter = PixelFilter.From(
            (_, _, _, _) => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
        using Photo result =
            await Worker(new FilterChain(filter), spare: 1).ProcessAsync(TwoSizes(scratch), TestContext.Current.CancellationToken);
        Assert.Equal([30, 20], result.Renditions.Select(rendition => rendition.Width));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task ProcessAsync_RenditionThatFails_ThrowsItsErrorAndKeepsThePhoto(int spare)
    {
        using Scratch scratch = new();
        using Photo photo = TwoSizes(scratch);
        PixelFilter filter = PixelFilter.From((_, width, _, _) =>
        {
            if (width == 20)
                throw new InvalidOperationException("too small");
        });
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await Worker(new FilterChain(filter), spare).ProcessAsync(photo, TestContext.Current.CancellationToken));
        Assert.Equal("too small", error.Message);
        Assert.All(photo.Renditions, rendition => Assert.True(rendition.HasPixels));
    }

    [Fact]
    public async Task ProcessAsync_CanceledToken_ThrowsThat()
    {
        using Scratch scratch = new();
        using Photo photo = TwoSizes(scratch);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () =>
                await Worker(new FilterChain(new GaussianBlur(1)), spare: 1).ProcessAsync(photo, new CancellationToken(canceled: true)));
    }

    private static IStageWorker<Photo, Photo> Worker(FilterChain stage, int spare) =>
        stage.CreateWorker(Drive.Context with { Spare = () => spare });

    private static Photo TwoSizes(Scratch scratch)
    {
        string path = scratch.Write("a.png", Pictures.Png(Pictures.Solid(60, 40, 9, 8, 7)));
        return Drive.Run(new ResizeTo(30, 20), Drive.Decode(path));
    }
}
