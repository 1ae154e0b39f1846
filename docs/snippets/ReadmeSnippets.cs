using Pipeline.Core;
using Pipeline.Imaging;

namespace Pipeline.Snippets;

internal static class ReadmeSnippets
{
    public static async Task PhotoJob(CancellationToken cancellationToken)
    {
        // <snippet readme-photo-job>
        StagedPipeline<string, StoredPhoto> develop = PipelineBuilder.Start<string>("develop")
            .Stage("decode", new DecodePhoto(new DecodeOptions { TargetWidths = [3840, 1920, 256] }))
            .Stage("resize", new ResizeTo(3840, 1920, 256))
            .Stage("filter", new FilterChain(new GaussianBlur(sigma: 0.8), new Sharpen(amount: 0.6)))
            .Stage("watermark", new Watermark("logo.png") { Opacity = 0.4f })
            .Stage("encode", new Encode(new JpegFormat(quality: 85)))
            .Stage("store", new StoreIn(new FileStore("out")), stage => stage.OnFailure = FailurePolicy.Skip)
            .Build();

        RunOptions options = new() { MemoryBudgetBytes = 2L << 30 };
        IEnumerable<string> files = Directory.EnumerateFiles("photos");
        await foreach (StoredPhoto photo in develop.StreamAsync(files, options, cancellationToken))
            Console.WriteLine($"{photo.SourcePath}: {photo.Outputs.Count} pictures");
        // </snippet>
    }

    public static async Task AnyJob(IEnumerable<Uri> addresses, HttpClient client, CancellationToken cancellationToken)
    {
        // <snippet readme-any-job>
        RunReport report = await PipelineBuilder.Start<Uri>("pages")
            .Stage("fetch", async (Uri address, CancellationToken ct) => await client.GetStringAsync(address, ct), stage =>
            {
                stage.Workers = 8;
                stage.OnFailure = FailurePolicy.Skip.WithRetry(3, TimeSpan.FromSeconds(1));
            })
            .Stage("count", page => page.Count(character => character == ' '))
            .Build()
            .RunAsync(addresses, new RunOptions { Workers = 8 }, cancellationToken);

        Console.WriteLine(
            $"{report.ItemsCompleted} of {report.ItemsIn} pages in {report.Elapsed.TotalSeconds:F1} s, {report.ItemsFailed} failed");
        // </snippet>
    }
}
