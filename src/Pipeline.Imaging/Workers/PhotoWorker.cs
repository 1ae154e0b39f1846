using System.Runtime.ExceptionServices;
using NetVips;

namespace Pipeline.Imaging;

/// <summary>Makes one rendition of a new photo. Called from several threads at once, for different renditions.</summary>
/// <param name="photo">The photo.</param>
/// <param name="index">Which rendition, from 0.</param>
internal delegate Rendition MakeRendition(Photo photo, int index);

/// <summary>The worker of the stages that turn a photo into one with other renditions. Keeps the ownership rule for all of them.</summary>
/// <param name="context">Tells whether other workers have time to help.</param>
/// <param name="make">Makes a rendition.</param>
/// <param name="count">How many there will be; null for as many as the photo has.</param>
internal sealed class PhotoWorker(StageWorkerContext context, MakeRendition make, int? count = null) : IStageWorker<Photo, Photo>
{
    public ValueTask<Photo> ProcessAsync(Photo item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        Photo result;
        try
        {
            result = item.With(MakeAll(item, cancellationToken));
        }
        catch (VipsException e)
        {
            throw new PhotoException(
                item.SourcePath, PhotoFailure.ProcessingFailed, $"'{item.SourcePath}' could not be processed: {Libvips.Reason(e)}", e);
        }

        item.Dispose();
        return new ValueTask<Photo>(result);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Rendition[] MakeAll(Photo photo, CancellationToken cancellationToken)
    {
        Rendition?[] made = new Rendition?[count ?? photo.Renditions.Count];
        int next = -1;
        Exception? failure = null;
        SpareThreads spareThreads = null!; // assigned before anything calls Work
        spareThreads = new SpareThreads(() => Math.Min(context.SpareWorkers, made.Length - 1), () => Work(isOwner: false));
        Work(isOwner: true);
        spareThreads.Join();
        if (failure is null)
            return made!;
        foreach (Rendition? rendition in made)
            rendition?.Dispose();
        ExceptionDispatchInfo.Throw(failure);
        throw failure;

        void Work(bool isOwner)
        {
            try
            {
                while (Volatile.Read(ref failure) is null
                    && (isOwner || !spareThreads.AreTooMany)
                    && Interlocked.Increment(ref next) is var index
                    && index < made.Length)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (isOwner)
                        spareThreads.Invite();
                    made[index] = make(photo, index);
                }
            }
#pragma warning disable CA1031 // Thrown again by the owner, when no other thread works on the photo any more.
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
#pragma warning restore CA1031
        }
    }
}
