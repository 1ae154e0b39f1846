namespace Pipeline.Cli;

/// <summary>Builds the stages of the photo job that the user's options ask for.</summary>
internal static class PhotoPipeline
{
    /// <summary>The name of the pipeline in reports.</summary>
    public const string Name = "develop";

    /// <summary>Builds the pipeline. Steps that the options switch off are no stages.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="store">Where outputs go.</param>
    /// <param name="nameFor">Gives the output name of a source path.</param>
    /// <param name="watch">Who counts failures.</param>
    /// <param name="licenses">The licenses to hold while filtering and watermarking; null for none.</param>
    /// <param name="firstWorker">The number of the first worker in messages about licenses.</param>
    public static StagedPipeline<PhotoSource, StoredPhoto> Build(
        PhotoJobSettings settings,
        FileStore store,
        Func<string, string> nameFor,
        FailureWatch watch,
        PhotoLicenses? licenses = null,
        int firstWorker = 1)
    {
        FailurePolicy onFailure = settings.StopOnFailure ? FailurePolicy.Stop : FailurePolicy.Skip;
        void Configure(StageOptions stage)
        {
            stage.Order = settings.Order;
            stage.OnFailure = onFailure;
        }

        PhotoRecipe recipe = settings.Recipe;
        ResizeTo resize = new([.. recipe.Widths]) { Enlarge = recipe.Enlarge };
        PipelineBuilder<PhotoSource, Photo> photos = PipelineBuilder.Start<PhotoSource>(Name)
            .Stage("decode", WatchedStage<PhotoSource, Photo>.Around(new DecodeSource(Decoder(recipe)), watch), Configure)
            .Stage("resize", WatchedStage<Photo, Photo>.Around(resize, watch), Configure);
        foreach ((string name, IStage<Photo, Photo> stage) in Changes(recipe, licenses, firstWorker))
            photos = photos.Stage(name, WatchedStage<Photo, Photo>.Around(stage, watch), Configure);
        return photos
            .Stage("encode", WatchedStage<Photo, Photo>.Around(new Encode(Format(recipe)), watch), Configure)
            .Stage("store", WatchedStage<Photo, StoredPhoto>.Around(new StoreIn(store, nameFor), watch), Configure)
            .Build();
    }

    /// <summary>Gets how many photos may be in flight.</summary>
    /// <returns>
    /// One photo beside those being worked on keeps the workers busy; each further one would only hold memory and prolong an interrupt. In input order finished
    /// photos wait for slow ones, which needs room.
    /// </returns>
    public static int MaxItemsInFlight(PhotoJobSettings settings, int workers) => settings.Order == StageOrder.Input
        ? (2 * workers) + 2
        : workers + 1;

    /// <summary>Gets the decoder that a recipe asks for.</summary>
    public static DecodePhoto Decoder(PhotoRecipe recipe) =>
        new(new DecodeOptions { TargetWidths = recipe.Widths, KeepMetadata = recipe.KeepMetadata });

    /// <summary>Gets the encoder that a recipe asks for.</summary>
    public static IPhotoFormat Format(PhotoRecipe recipe) => recipe.Format switch
    {
        OutputFormat.Png => new PngFormat(),
        OutputFormat.WebP => new WebpFormat(recipe.Quality),
        OutputFormat.Avif => new AvifFormat(recipe.Quality),
        OutputFormat.Tiff => new TiffFormat(),
        _ => new JpegFormat(recipe.Quality),
    };

    /// <summary>Gets the stages that change the picture; with licenses for both, filter and watermark are one stage.</summary>
    private static IEnumerable<(string Name, IStage<Photo, Photo> Stage)> Changes(
        PhotoRecipe recipe, PhotoLicenses? licenses, int firstWorker)
    {
        IStage<Photo, Photo>? filter = Filters(recipe) is { Length: > 0 } filters ? new FilterChain(filters) : null;
        IStage<Photo, Photo>? watermark = recipe.Watermark is { } file
            ? new Watermark(file) { Opacity = recipe.Opacity, Position = Position(recipe.Position) }
            : null;
        bool limitsFilter = filter is not null && licenses?.Filter is not null;
        bool limitsWatermark = watermark is not null && licenses?.Watermark is not null;
        if (limitsFilter && limitsWatermark)
        {
            yield return ("filter+watermark", new LicensedStage(licenses!, filter, watermark, firstWorker));
            yield break;
        }

        if (filter is not null)
            yield return ("filter", limitsFilter ? new LicensedStage(licenses!, filter, null, firstWorker) : filter);
        if (watermark is not null)
            yield return ("watermark", limitsWatermark ? new LicensedStage(licenses!, null, watermark, firstWorker) : watermark);
    }

    private static IPhotoFilter[] Filters(PhotoRecipe recipe)
    {
        List<IPhotoFilter> filters = new();
        if (recipe.Blur > 0)
            filters.Add(new GaussianBlur(recipe.Blur));
        if (recipe.Sharpen > 0)
            filters.Add(new Sharpen(recipe.Sharpen));
        return [.. filters];
    }

    private static WatermarkPosition Position(string name) =>
        Enum.Parse<WatermarkPosition>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
