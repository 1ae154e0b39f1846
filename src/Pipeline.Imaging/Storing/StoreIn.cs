using System.Security.Cryptography;

namespace Pipeline.Imaging;

/// <summary>The stage that stores the encoded sizes of a photo. Immutable and thread-safe.</summary>
/// <remarks>Names are <c>nameFor(source)_requestedWidth.extension</c>. A photo that fails half-way leaves the sizes that were stored before, each
/// whole.</remarks>
public sealed class StoreIn : IStage<Photo, StoredPhoto>
{
    private readonly IObjectStore _store;
    private readonly Func<string, string> _nameFor;

    /// <summary>Initializes a new instance of the <see cref="StoreIn"/> class.</summary>
    /// <param name="store">The store.</param>
    /// <param name="nameFor">Makes the relative name, without <c>_width.ext</c>, of a source path; null for its file name without extension. Called from
    /// several threads.</param>
    public StoreIn(IObjectStore store, Func<string, string>? nameFor = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _nameFor = nameFor ?? (source => Path.GetFileNameWithoutExtension(source));
    }

    /// <inheritdoc/>
    public IStageWorker<Photo, StoredPhoto> CreateWorker(StageWorkerContext context) => new Worker(this);

    private sealed class Worker(StoreIn stage) : IStageWorker<Photo, StoredPhoto>
    {
        public async ValueTask<StoredPhoto> ProcessAsync(Photo item, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(item);
            string name = stage._nameFor(item.SourcePath).Replace('\\', '/');
            List<StoredOutput> outputs = new(item.Renditions.Count);
            foreach (Rendition rendition in item.Renditions)
            {
                if (rendition.Format is not { } format)
                    throw new InvalidOperationException("StoreIn was given pixels. Put an Encode stage before it.");
                ReadOnlyMemory<byte> content = rendition.Encoded;
                string path = await stage._store
                    .PutAsync($"{name}_{rendition.RequestedWidth}{format.Extension}", content, item.SourcePath, cancellationToken)
                    .ConfigureAwait(false);
                outputs.Add(new StoredOutput(
                    path,
                    rendition.RequestedWidth,
                    rendition.Width,
                    rendition.Height,
                    format.Name,
                    content.Length,
                    Convert.ToHexStringLower(SHA256.HashData(content.Span))));
            }

            item.Dispose();
            return new StoredPhoto(item.SourcePath, outputs);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
