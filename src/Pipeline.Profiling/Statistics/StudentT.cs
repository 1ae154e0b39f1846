namespace Pipeline.Profiling;

/// <summary>Student's t distribution, for intervals of fitted parameters.</summary>
internal static class StudentT
{
    /// <summary>The factor k such that estimate +- k standard errors holds a share <paramref name="level"/>: both tails are cut.</summary>
    public static double TwoSidedFactor(double level, double degreesOfFreedom)
    {
        double target = 1 - ((1 - level) / 2);
        double low = 0;
        double high = 1;
        while (Cumulative(high, degreesOfFreedom) < target)
            high *= 2;
        for (int i = 0; i < 200 && high - low > 1e-13 * high; i++)
        {
            double middle = (low + high) / 2;
            if (Cumulative(middle, degreesOfFreedom) < target)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    private static double Cumulative(double t, double degreesOfFreedom) =>
        1 - (0.5 * RegularizedBeta(degreesOfFreedom / (degreesOfFreedom + (t * t)), degreesOfFreedom / 2, 0.5));

    /// <summary>Regularized incomplete beta function by Lentz's continued fraction (Abramowitz and Stegun 26.5.8).</summary>
    private static double RegularizedBeta(double x, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;
        if (x > (a + 1) / (a + b + 2))
            return 1 - RegularizedBeta(1 - x, b, a);

        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x))) / a;
        double c = 1;
        double d = 1 / NonZero(1 - ((a + b) * x / (a + 1)));
        double fraction = d;
        for (int m = 1; m <= 500; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NonZero(1 + (even * d));
            c = NonZero(1 + (even / c));
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NonZero(1 + (odd * d));
            c = NonZero(1 + (odd / c));
            double step = d * c;
            fraction *= step;
            if (Math.Abs(step - 1) < 1e-15)
                break;
        }

        return front * fraction;
    }

    private static double NonZero(double value) => Math.Abs(value) < 1e-300 ? 1e-300 : value;

    /// <summary>Stirling's series after shifting the argument above 10; good to 1e-14.</summary>
    private static double LogGamma(double x)
    {
        double shift = 0;
        while (x < 10)
        {
            shift -= Math.Log(x);
            x++;
        }

        double inverse = 1 / (x * x);
        double series =
            ((1.0 / 12) - (inverse * ((1.0 / 360) - (inverse * ((1.0 / 1260) - (inverse * ((1.0 / 1680) - (inverse / 1188)))))))) / x;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }
}
