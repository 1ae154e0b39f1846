using Pipeline.Imaging.LibRaw.Develop;

namespace Pipeline.Imaging.Tests.Develop;

/// <summary>The formulas of the engine in plain loops and doubles, pixel by pixel, as the reference.</summary>
internal static class ScalarDeveloper
{
    public static byte[] Develop(ushort[] values, BayerSensor sensor)
    {
        int width = sensor.Width, height = sensor.Height;
        bool swap = (sensor.Flip & 4) != 0;
        int outWidth = swap ? height : width, outHeight = swap ? width : height;
        byte[] output = new byte[width * height * 3];
        for (int row = 0; row < outHeight; row++)
        {
            for (int column = 0; column < outWidth; column++)
            {
                (int y, int x) = swap ? (column, row) : (row, column);
                if ((sensor.Flip & 2) != 0)
                    y = height - 1 - y;
                if ((sensor.Flip & 1) != 0)
                    x = width - 1 - x;
                double[] color = Color(y, x);
                for (int i = 0; i < 3; i++)
                {
                    double linear = Math.Clamp((sensor.ToSrgb[3 * i] * color[0]) + (sensor.ToSrgb[(3 * i) + 1] * color[1]) + (sensor.ToSrgb[(3 * i) + 2] * color[2]), 0, 1);
                    output[(((row * outWidth) + column) * 3) + i] = ToneCurve.Table[(int)((linear * (ToneCurve.Steps - 1)) + 0.5)];
                }
            }
        }

        return output;

        int At(int at, int count) => at < 0 ? -at : at >= count ? (2 * count) - 2 - at : at;

        int Filter(int y, int x) => sensor.Colors[(2 * (At(y, height) & 1)) + (At(x, width) & 1)];

        double Light(int y, int x)
        {
            (y, x) = (At(y, height), At(x, width));
            int place = (2 * (y & 1)) + (x & 1);
            return Math.Min(Math.Max(values[(y * width) + x] - sensor.Black[place], 0) * sensor.Scale[place], 1);
        }

        double Green(int y, int x)
        {
            if (Filter(y, x) == 1)
                return Light(y, x);
            (double change, double value) across = Along(y, x, 0, 1), down = Along(y, x, 1, 0);
            return across.change <= down.change ? across.value : down.value;
        }

        (double Change, double Value) Along(int y, int x, int dy, int dx)
        {
            double P(int n) => Light(y + (n * dy), x + (n * dx));
            double change = ((Math.Abs(P(-2) - P(0)) + Math.Abs(P(2) - P(0)) + Math.Abs(P(-1) - P(1))) * 3) + ((Math.Abs(P(3) - P(1)) + Math.Abs(P(-3) - P(-1))) * 2);
            double guess = (((P(-1) + P(0) + P(1)) * 2) - P(-2) - P(2)) / 4;
            return (change, Math.Clamp(guess, Math.Min(P(-1), P(1)), Math.Max(P(-1), P(1))));
        }

        double Difference(int y, int x) => Light(y, x) - Green(At(y, height), At(x, width));

        double[] Color(int y, int x)
        {
            double green = Green(y, x);
            double[] color = [0, green, 0];
            if (Filter(y, x) == 1)
            {
                color[Filter(y, x + 1)] = Clip(green + ((Difference(y, x - 1) + Difference(y, x + 1)) / 2));
                color[Filter(y + 1, x)] = Clip(green + ((Difference(y - 1, x) + Difference(y + 1, x)) / 2));
                return color;
            }

            color[Filter(y, x)] = Light(y, x);
            double G(int dy, int dx) => Green(At(y + dy, height), At(x + dx, width));
            double falling = Math.Abs(Light(y - 1, x - 1) - Light(y + 1, x + 1)) + Math.Abs(G(-1, -1) - green) + Math.Abs(G(1, 1) - green);
            double rising = Math.Abs(Light(y - 1, x + 1) - Light(y + 1, x - 1)) + Math.Abs(G(-1, 1) - green) + Math.Abs(G(1, -1) - green);
            double diagonal = falling < rising ? Difference(y - 1, x - 1) + Difference(y + 1, x + 1) : Difference(y - 1, x + 1) + Difference(y + 1, x - 1);
            color[2 - Filter(y, x)] = Clip(green + (diagonal / 2));
            return color;
        }

        static double Clip(double value) => Math.Clamp(value, 0, 1);
    }
}
