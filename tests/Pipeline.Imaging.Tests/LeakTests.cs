using System.Runtime.InteropServices;

namespace Pipeline.Imaging.Tests;

/// <summary>Counts libvips's own allocations around work that succeeds and work that fails.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed partial class LeakTests
{
    [Fact]
    public void Stages_ManyPhotosAndFailures_HoldNothingAfterwards()
    {
        using Scratch scratch = new();
        string raw = scratch.File("a.dng"), jpeg = scratch.File("a.jpg");
        new SyntheticCamera(320, 208).TakePhoto(raw, 1, TestContext.Current.CancellationToken);
        using (NetVips.Image image = Pictures.Solid(300, 200, 4, 5, 6))
            File.WriteAllBytes(jpeg, image.JpegsaveBuffer());
        string cut = scratch.Write("cut.jpg", File.ReadAllBytes(jpeg).AsSpan(0, 1200)), logo = scratch
            .Write("logo.png", Pictures.Png(Pictures.Solid(30, 30, 1, 1, 1)));
        FilterChain broken = new(new GaussianBlur(1), PixelFilter.From((_, _, _, _) => throw new InvalidOperationException()));
        const int Rounds = 20;
        const long SmallestImageBytes = 100 * 66 * 3;
        Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // Without a collection in between, an image that was not disposed stays and is counted.
        Assert.True(GC.TryStartNoGCRegion(100 << 20));
        // Entering the region collects once more.
        GC.WaitForPendingFinalizers();
        Once();
        long before = TrackedBytes();
        for (int i = 0; i < Rounds; i++)
            Once();
        long held = TrackedBytes() - before;
        GC.EndNoGCRegion();
        // libvips's own threads come and go with their buffers, so the count is not exact; a leak takes one image in every round.
        Assert.True(held < Rounds * SmallestImageBytes, $"{held} bytes are held after {Rounds} rounds.");

        void Once()
        {
            foreach (string path in (string[])[raw, jpeg])
            {
                Photo photo =
                    Drive.Run(new FilterChain(new GaussianBlur(1), new Sharpen(1)), Drive.Run(new ResizeTo(100, 40), Drive.Decode(path)));
                using (Drive.Run(new Encode(new JpegFormat()), Drive.Run(new Watermark(logo), photo)))
                {
                }

                using Photo failing = Drive.Decode(path);
                Assert.Throws<InvalidOperationException>(() => Drive.Run(broken, failing));
            }

            Assert.Throws<PhotoException>(() => Drive.Decode(cut));
        }
    }

    [Fact]
    public void PictureMemory_FreedBlock_IsTheNextOneAndNeverAddsToThePeak()
    {
        PixelBuffer Take(int height)
        {
            PixelBuffer buffer = new(4096, height);
            buffer.Row(0).Fill(1);
            return buffer;
        }

        PixelBuffer first = Take(2000);
        nint address = first.Address;
        first.Dispose();
        Assert.True(PictureMemory.WaitingBytes >= 24_576_000);
        PixelBuffer second = Take(1900);
        Assert.Equal(address, second.Address);
        second.Dispose();
        // Too large for the block that waits, so that one goes back first.
        using PixelBuffer third = Take(3000);
        Assert.True(PictureMemory.WaitingBytes < 24_576_000);
    }

    private static long TrackedBytes() => (long)TrackedMemory();

    [LibraryImport("libvips.so.42", EntryPoint = "vips_tracked_get_mem")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint TrackedMemory();
}
