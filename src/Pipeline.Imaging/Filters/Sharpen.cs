using NetVips;

namespace Pipeline.Imaging;

/// <summary>Sharpens by unsharp masking: <c>x + amount * (x - blurred x)</c>, clamped to 0 to 255.</summary>
public sealed class Sharpen : IPhotoFilter
{
    private readonly GaussianKernel _kernel;

    /// <summary>Initializes a new instance of the <see cref="Sharpen"/> class.</summary>
    /// <param name="amount">How much of the difference to the blurred picture is added: 0 to 10; 1 is strong.</param>
    /// <param name="sigma">The radius as standard deviation in pixels of the output, 0.1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Sharpen(double amount, double sigma = 1)
    {
        if (!(amount is >= 0 and <= 10))
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "The amount of sharpening must be 0 to 10.");
        if (!(sigma is >= 0.1 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The sigma of sharpening must be 0.1 to 100 pixels.");
        Amount = amount;
        Sigma = sigma;
        _kernel = new GaussianKernel(sigma);
    }

    /// <summary>Gets how much of the difference is added.</summary>
    public double Amount { get; }

    /// <summary>Gets the radius as standard deviation in pixels.</summary>
    public double Sigma { get; }

    /// <inheritdoc/>
    public Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _kernel.Apply(image, (float)Amount);
    }
}
