using NetVips;

namespace Pipeline.Imaging;

/// <summary>Blurs with a Gaussian kernel.</summary>
public sealed class GaussianBlur : IPhotoFilter
{
    private readonly GaussianKernel _kernel;

    /// <summary>Initializes a new instance of the <see cref="GaussianBlur"/> class.</summary>
    /// <param name="sigma">The standard deviation in pixels of the output, 0.1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sigma"/> is out of its range.</exception>
    public GaussianBlur(double sigma)
    {
        if (!(sigma is >= 0.1 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The sigma of a blur must be 0.1 to 100 pixels.");
        Sigma = sigma;
        _kernel = new GaussianKernel(sigma);
    }

    /// <summary>Gets the standard deviation in pixels.</summary>
    public double Sigma { get; }

    /// <inheritdoc/>
    public Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _kernel.Apply(image, amount: null);
    }
}
