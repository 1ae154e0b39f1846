using NetVips;

namespace Pipeline.Imaging;

/// <summary>Owns the intermediate images of one chain of operations and disposes them in reverse, also when one fails.</summary>
/// <remarks>The garbage collector does not see the native memory behind an image; every intermediate that is not disposed stays for minutes.</remarks>
internal sealed class ImageScope : IDisposable
{
    private readonly List<Image> _images = [];

    /// <summary>Takes over an intermediate.</summary>
    public Image Take(Image image)
    {
        _images.Add(image);
        return image;
    }

    public void Dispose()
    {
        for (int i = _images.Count - 1; i >= 0; i--)
            _images[i].Dispose();
        _images.Clear();
    }
}
