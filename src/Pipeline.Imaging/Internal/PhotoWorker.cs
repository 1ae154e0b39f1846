using NetVips;
using Pipeline.Core;

namespace Pipeline.Imaging.Internal;

/// <summary>Makes the renditions of a new photo; adds each to the list, so that they are freed when a later one fails.</summary>
internal delegate List<Rendition> MakeRenditions(Photo photo, RenditionList made, CancellationToken cancellationToken);

/// <summary>The worker of the stages that turn a photo into one with other renditions. Keeps the ownership rule for all of them.</summary>
internal sealed class PhotoWorker(MakeRenditions make) : IStageWorker<Photo, Photo>
{
    public ValueTask<Photo> ProcessAsync(Photo item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        using var made = new RenditionList();
        Photo result;
        try
        {
            result = item.With(make(item, made, cancellationToken));
        }
        catch (VipsException e)
        {
            throw new PhotoException(item.SourcePath, PhotoFailure.ProcessingFailed, $"'{item.SourcePath}' could not be processed: {VipsDecoder.Reason(e)}", e);
        }

        item.Dispose();
        return new ValueTask<Photo>(result);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
