namespace Pipeline.Jobs.Imaging;

/// <summary>Builds the stages that a payload asks for: the same as the command line's, so the same bytes come out.</summary>
internal static class PhotoStages
{
    public static IPhotoFormat Format(PhotoJobPayload payload) => payload.Format switch
    {
        "jpeg" => new JpegFormat(payload.Quality),
        "png" => new PngFormat(),
        "webp" => new WebpFormat(payload.Quality),
        "avif" => new AvifFormat(payload.Quality),
        "tiff" => new TiffFormat(),
        _ => throw Invalid($"format was '{JobLimits.Cut(payload.Format, 32)}'. It must be jpeg, png, webp, avif or tiff."),
    };

    public static void Check(PhotoJobPayload payload)
    {
        Require(payload.Inputs is { Count: >= 1 and <= 1000 }, $"There are {payload.Inputs?.Count ?? 0} inputs. A job has 1 to 1,000 photos.");
        Require(payload.Sizes is { Count: >= 1 and <= 20 } && payload.Sizes.All(width => width is >= 1 and <= 65_535), "sizes must be 1 to 20 widths of 1 to 65,535 pixels.");
        Require(payload.Sizes.Distinct().Count() == payload.Sizes.Count, "sizes must not name a width twice.");
        Require(payload.Blur is 0 or (>= 0.1 and <= 50), $"blur was {payload.Blur}. It must be 0, or 0.1 to 50.");
        Require(payload.Sharpen is 0 or (>= 0.01 and <= 10), $"sharpen was {payload.Sharpen}. It must be 0, or 0.01 to 10.");
        Require(payload.Opacity is >= 0 and <= 1, $"opacity was {payload.Opacity}. It must be 0 to 1.");
        Require(payload.Quality is >= 1 and <= 100, $"quality was {payload.Quality}. It must be 1 to 100.");
        Require(payload.Inputs!.DistinctBy(input => input.Artifact, StringComparer.Ordinal).Count() == payload.Inputs!.Count, "The same artifact is an input twice. Name each upload once.");
        string[] names = [.. payload.Inputs!.Select(NameOf)];
        Require(Array.TrueForAll(names, name => ArtifactName.IsAllowed(name) && name.Length <= 200), "A photo's name is not allowed. Use up to 200 characters, parts between '/' that do not start with '.', and no control characters.");
        Require(names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Length, "Two photos have the same name, so their outputs would, too. Give each input a 'name' of its own.");
    }

    public static string NameOf(PhotoJobInput input) => input.Name ?? Path.GetFileNameWithoutExtension(input.Artifact);

    public static StagedPipeline<string, StoredPhoto> Build(PhotoJobPayload payload, Func<string, CancellationToken, ValueTask<string>> fetch, Func<string, string> nameOf, IObjectStore store, string? watermark)
    {
        PipelineBuilder<string, Photo> photos = PipelineBuilder.Start<string>("photos")
            .Stage("fetch", fetch, Skip)
            .Stage("decode", new DecodePhoto(new DecodeOptions { TargetWidths = payload.Sizes, KeepMetadata = payload.KeepMetadata }), Skip)
            .Stage("resize", new ResizeTo([.. payload.Sizes]) { Enlarge = payload.Enlarge }, Skip);
        List<IPhotoFilter> filters = [];
        if (payload.Blur > 0)
            filters.Add(new GaussianBlur(payload.Blur));
        if (payload.Sharpen > 0)
            filters.Add(new Sharpen(payload.Sharpen));
        if (filters.Count > 0)
            photos = photos.Stage("filter", new FilterChain([.. filters]), Skip);
        if (watermark is not null)
            photos = photos.Stage("watermark", new Watermark(watermark) { Opacity = (float)payload.Opacity }, Skip);
        return photos
            .Stage("encode", new Encode(Format(payload)), Skip)
            .Stage("store", new StoreIn(store, nameOf), Skip)
            .Build();
    }

    // One bad photo does not stop the others; what is no fault of a photo stops the run, see PhotoJobBody.
    private static void Skip(StageOptions stage)
    {
        stage.Order = StageOrder.Completion;
        stage.OnFailure = FailurePolicy.Skip;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw Invalid(message);
    }

    private static JobFailedException Invalid(string message) => new(new JobProblem("payload-invalid", "The photo job asks for something that cannot be done.", message));
}
