using System.Text.Json.Serialization;
using NetVips;
using Pipeline.Core;
using Pipeline.Imaging;

namespace Pipeline.Processes.Benchmarks;

internal sealed record PhotoOrder(string Path, string Output);

internal sealed record PicturedBytes(PhotoOrder Order, int Width, int Height, byte[] Pixels);

internal sealed record PicturedShared(PhotoOrder Order, int Width, int Height, SharedBuffer Pixels) : IWeighted, IDisposable
{
    [JsonIgnore]
    public long WeightBytes => Pixels.WeightBytes;

    public void Dispose() => Pixels.Dispose();
}

[JsonSerializable(typeof(PhotoOrder))]
[JsonSerializable(typeof(PicturedBytes))]
[JsonSerializable(typeof(PicturedShared))]
[JsonSerializable(typeof(StoredPhoto))]
internal sealed partial class PhotoJson : JsonSerializerContext;

/// <summary>The photo job as functions of worker processes: whole photos, or in two halves.</summary>
internal static class PhotoFunctions
{
    public const string Set = "photos";

    private static readonly StageWorkerContext s_context = new("photos", "photo", 0, CancellationToken.None);

    public static void Register(WorkerHandlers workers)
    {
        workers.Add("photo", PhotoJson.Default.PhotoOrder, PhotoJson.Default.StoredPhoto, (order, _) =>
        {
            using PixelBuffer pixels = Decode(order.Path, static (width, height) => new PixelBuffer(width, height)).Pixels;
            return Finish(order, pixels.Address, pixels.Width, pixels.Height);
        });
        workers.Add("decode-bytes", PhotoJson.Default.PhotoOrder, PhotoJson.Default.PicturedBytes, (order, _) => DecodeBytes(order));
        workers.Add(
            "finish-bytes",
            PhotoJson.Default.PicturedBytes,
            PhotoJson.Default.StoredPhoto,
            (picture, _) => FinishAt(picture.Order, picture.Pixels, picture.Width, picture.Height));
        workers.Add("decode-shared", PhotoJson.Default.PhotoOrder, PhotoJson.Default.PicturedShared, DecodeShared);
        workers.Add(
            "finish-shared",
            PhotoJson.Default.PicturedShared,
            PhotoJson.Default.StoredPhoto,
            (picture, _) => FinishAt(picture.Order, picture.Pixels.Memory, picture.Width, picture.Height));
    }

    private static RawPicture Decode(string path, Func<int, int, PixelBuffer> allocate) =>
        new DevelopingRawDecoder().Decode(
            new RawRequest(path, Demosaic.Auto, 400_000_000, false) { Allocate = allocate }, CancellationToken.None);

    private static unsafe PicturedBytes DecodeBytes(PhotoOrder order)
    {
        byte[] pixels = [];
        using PixelBuffer picture = Decode(order.Path, (width, height) =>
        {
            pixels = GC.AllocateUninitializedArray<byte>(width * height * 3, pinned: true);
            fixed (byte* address = pixels) // the array is pinned for its life
                return new PixelBuffer((nint)address, 0, width, height, static _ => { });
        }).Pixels;
        return new PicturedBytes(order, picture.Width, picture.Height, pixels);
    }

    private static unsafe PicturedShared DecodeShared(PhotoOrder order, WorkerCallContext context)
    {
        SharedBuffer? shared = null;
        using PixelBuffer picture = Decode(order.Path, (width, height) =>
        {
            shared = context.Rent(width * height * 3);
            fixed (byte* address = shared.Span) // shared memory does not move
                return new PixelBuffer((nint)address, 0, width, height, static _ => { });
        }).Pixels;
        return new PicturedShared(order, picture.Width, picture.Height, shared!);
    }

    private static unsafe StoredPhoto FinishAt(PhotoOrder order, Memory<byte> pixels, int width, int height)
    {
        using System.Buffers.MemoryHandle pin = pixels.Pin();
        return Finish(order, (nint)pin.Pointer, width, height);
    }

    /// <summary>Resizes, encodes and stores, with the stages of the photo job.</summary>
    private static StoredPhoto Finish(PhotoOrder order, nint address, int width, int height)
    {
        IStageWorker<Photo, Photo> resize = new ResizeTo(3840, 1920, 256).CreateWorker(s_context);
        IStageWorker<Photo, Photo> encode = new Encode(new JpegFormat(85)).CreateWorker(s_context);
        IStageWorker<Photo, StoredPhoto> store = new StoreIn(new FileStore(order.Output)).CreateWorker(s_context);
        using Image bare = Image.NewFromMemory(address, (ulong)width * (ulong)height * 3, width, height, 3, Enums.BandFormat.Uchar);
        Photo photo = new(
            order.Path,
            "dng",
            width,
            height,
            PhotoMetadata.None,
            [new Rendition(width, bare.Copy(interpretation: Enums.Interpretation.Srgb))]);

        // The stages do all their work before they return.
        photo = resize.ProcessAsync(photo, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        photo = encode.ProcessAsync(photo, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return store.ProcessAsync(photo, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
