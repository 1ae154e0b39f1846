namespace Pipeline.Imaging;

/// <summary>A seeded landscape with a test chart, as linear sRGB light at any position. Immutable and thread-safe.</summary>
internal sealed class SyntheticScene
{
    private const int Ridges = 5;
    private const int TextureEdge = 1024;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _texture;
    private readonly float[][] _ridges = new float[Ridges][];
    private readonly (float R, float G, float B)[] _ridgeColors = new (float, float, float)[Ridges];
    private readonly (float R, float G, float B) _skyTop;
    private readonly (float R, float G, float B) _skyLow;
    private readonly float _sunX;
    private readonly float _sunY;
    private readonly (float R, float G, float B)[] _patches;

    public SyntheticScene(int width, int height, int seed)
    {
        _width = width;
        _height = height;
        Random random = new(seed);
        _texture = FractalTexture(random);
        float warmth = random.NextSingle();
        _skyTop = Blend((0.10f, 0.24f, 0.62f), (0.20f, 0.16f, 0.42f), warmth);
        _skyLow = Blend((0.55f, 0.70f, 0.88f), (0.95f, 0.58f, 0.34f), warmth);
        _sunX = 0.15f + (0.7f * random.NextSingle());
        _sunY = 0.12f + (0.2f * random.NextSingle());
        (float, float, float) near = Blend((0.055f, 0.11f, 0.03f), (0.13f, 0.085f, 0.04f), random.NextSingle());
        for (int i = 0; i < Ridges; i++)
        {
            float depth = i / (float)(Ridges - 1);
            _ridgeColors[i] = Blend(Blend((0.32f, 0.42f, 0.56f), _skyLow, 0.3f), near, MathF.Sqrt(depth));
            _ridges[i] = RidgeLine(random, 0.42f + (0.13f * i), 0.10f / (1 + (0.35f * i)), 2 + (2 * i));
        }

        _patches = ChartColors(random);
    }

    /// <summary>Computes one row: red, green, blue per pixel, 0 for no light, 1 for the sensor's saturation, more in the sun.</summary>
    public void ShadeRow(int y, Span<float> light)
    {
        for (int x = 0, i = 0; x < _width; x++, i += 3)
            (light[i], light[i + 1], light[i + 2]) = Shade(x, y);
    }

    /// <summary>Computes a pixel of the thumbnail.</summary>
    public (byte Red, byte Green, byte Blue) ThumbnailPixel(double u, double v)
    {
        (float r, float g, float b) = Shade((int)(u * _width), (int)(v * _height));
        return (Encode(r), Encode(g), Encode(b));

        static byte Encode(float linear)
        {
            float value = Math.Clamp(linear, 0, 1);
            return (byte)((255 * (value <= 0.0031308f ? 12.92f * value : (1.055f * MathF.Pow(value, 1 / 2.4f)) - 0.055f)) + 0.5f);
        }
    }

    /// <summary>Gets the chart: where its patches are and what light they give.</summary>
    /// <returns>The inner part of each patch, away from its edges, and its linear sRGB.</returns>
    public IEnumerable<(int X, int Y, int Width, int Height, float R, float G, float B)> Patches()
    {
        for (int i = 0; i < _patches.Length; i++)
        {
            float left = 0.05f + (0.045f * (i % 6)), top = 0.70f + (0.0675f * (i / 6));
            yield return (
                (int)((left + 0.012f) * _width),
                (int)((top + 0.018f) * _height),
                (int)(0.018f * _width),
                (int)(0.027f * _height),
                _patches[i].R,
                _patches[i].G,
                _patches[i].B);
        }
    }

    private (float R, float G, float B) Shade(int x, int y)
    {
        float u = (x + 0.5f) / _width, v = (y + 0.5f) / _height;
        if (v > 0.69f && v < 0.98f && u > 0.04f && u < 0.56f && Chart(u, v) is { } chart)
            return chart;

        // From the nearest ridge backwards: what lies behind a covered pixel need not be computed.
        (float R, float G, float B) front = default;
        float open = 1;
        for (int i = Ridges - 1; i >= 0; i--)
        {
            // A lens blurs edges over a pixel; without it every ridge would be a staircase.
            float inside = Math.Clamp((y - (_ridges[i][x] * _height)) + 0.5f, 0, 1);
            if (inside <= 0)
                continue;
            float fine = Texture(x * 0.31f * (1 + (0.2f * i)), y * 0.37f), coarse = Texture((u * 310) + (i * 97), v * 260);
            float tone = (0.45f + (0.75f * coarse) + (0.55f * (fine - 0.5f) * (0.35f + (0.2f * i)))) * open * inside;
            front = (front.R + (_ridgeColors[i].R * tone), front.G + (_ridgeColors[i].G * tone), front.B + (_ridgeColors[i].B * tone));
            open *= 1 - inside;
            if (open <= 0)
                return front;
        }

        (float R, float G, float B) sky = Sky(u, v);
        return (front.R + (sky.R * open), front.G + (sky.G * open), front.B + (sky.B * open));
    }

    private (float R, float G, float B) Sky(float u, float v)
    {
        (float R, float G, float B) color = Blend(_skyTop, _skyLow, Math.Clamp(v / 0.55f, 0, 1));
        float cloud = Math.Clamp((Texture(u * 420, v * 900) - 0.5f) * 3.2f, 0, 1);
        color = Blend(color, (0.86f, 0.86f, 0.88f), cloud * 0.75f);
        float dx = (u - _sunX) * _width / _height, dy = v - _sunY, distance = (dx * dx) + (dy * dy);
        float glow = (0.0009f / (distance + 0.0009f)) + (0.25f * 0.02f / (distance + 0.02f));
        return (color.R + glow, color.G + (0.93f * glow), color.B + (0.8f * glow));
    }

    // Left to right: color patches, a slanted edge (ISO 12233), a zone plate.
    private (float R, float G, float B)? Chart(float u, float v)
    {
        if (u < 0.33f)
        {
            int column = (int)((u - 0.05f) / 0.045f), row = (int)((v - 0.70f) / 0.0675f);
            if (u < 0.05f || v < 0.70f || column > 5 || row > 3)
                return (0.02f, 0.02f, 0.02f);
            float inU = u - 0.05f - (column * 0.045f), inV = v - 0.70f - (row * 0.0675f);
            return inU < 0.003f || inV < 0.0045f ? (0.02f, 0.02f, 0.02f) : _patches[(6 * row) + column];
        }

        float px = u * _width, py = v * _height;
        if (u < 0.43f)
        {
            float edge = px - (0.38f * _width) - ((py - (0.835f * _height)) * 0.0875f);
            float white = Math.Clamp(edge + 0.5f, 0, 1);
            float level = 0.05f + (0.65f * white);
            return (level, level, level);
        }

        float zx = px - (0.495f * _width), zy = py - (0.835f * _height), radius = 0.06f * _width;
        float squared = (zx * zx) + (zy * zy);
        if (squared > radius * radius)
            return u < 0.56f ? (0.38f, 0.38f, 0.38f) : null;
        // The frequency rises from 0 in the middle to a quarter of the sampling frequency at the rim.
        float wave = 0.38f + (0.33f * MathF.Cos(squared * (MathF.PI / (4 * radius))));
        return (wave, wave, wave);
    }

    private float Texture(float x, float y)
    {
        const int Mask = TextureEdge - 1;
        int left = (int)x, top = (int)y;
        float fx = x - left, fy = y - top;
        int row = (top & Mask) * TextureEdge, below = ((top + 1) & Mask) * TextureEdge, l = left & Mask, r = (left + 1) & Mask;
        float a = _texture[row + l] + ((_texture[row + r] - _texture[row + l]) * fx);
        float b = _texture[below + l] + ((_texture[below + r] - _texture[below + l]) * fx);
        return a + ((b - a) * fy);
    }

    private float[] RidgeLine(Random random, float level, float amplitude, int frequency)
    {
        float[] line = new float[_width];
        Array.Fill(line, level);
        for (int octave = 0; octave < 8; octave++, frequency *= 2, amplitude *= 0.52f)
        {
            float[] knots = new float[frequency + 2];
            for (int i = 0; i < knots.Length; i++)
                knots[i] = ((2 * random.NextSingle()) - 1) * amplitude;
            for (int x = 0; x < _width; x++)
            {
                float at = (x + 0.5f) / _width * frequency;
                int knot = (int)at;
                float t = at - knot;
                t = t * t * (3 - (2 * t));
                line[x] += knots[knot] + ((knots[knot + 1] - knots[knot]) * t);
            }
        }

        return line;
    }

    // Value noise in octaves from 8 to 512 knots per edge; tiles without a seam.
    private static float[] FractalTexture(Random random)
    {
        float[] texture = new float[TextureEdge * TextureEdge];
        float amplitude = 0.5f;
        for (int knots = 8; knots <= 512; knots *= 2, amplitude *= 0.62f)
        {
            float[] values = new float[knots * knots];
            for (int i = 0; i < values.Length; i++)
                values[i] = (random.NextSingle() - 0.5f) * amplitude * 2;
            int step = TextureEdge / knots;
            for (int y = 0; y < TextureEdge; y++)
            {
                int top = y / step;
                float fy = Smooth((y % step) / (float)step);
                for (int x = 0; x < TextureEdge; x++)
                {
                    int left = x / step;
                    float fx = Smooth((x % step) / (float)step);
                    int right = (left + 1) % knots, below = (top + 1) % knots;
                    float a = values[(top * knots) + left] + ((values[(top * knots) + right] - values[(top * knots) + left]) * fx);
                    float b = values[(below * knots) + left] + ((values[(below * knots) + right] - values[(below * knots) + left]) * fx);
                    texture[(y * TextureEdge) + x] += a + ((b - a) * fy);
                }
            }
        }

        for (int i = 0; i < texture.Length; i++)
            texture[i] = Math.Clamp(texture[i] + 0.5f, 0, 1);
        return texture;

        static float Smooth(float t) => t * t * (3 - (2 * t));
    }

    // Three rows of colors, one of grays from white to black.
    private static (float R, float G, float B)[] ChartColors(Random random)
    {
        (float, float, float)[] colors = new (float, float, float)[24];
        for (int i = 0; i < 18; i++)
        {
            float hue = 6 * ((i / 18f) + (0.02f * random.NextSingle()));
            float saturation = 0.55f + (0.3f * random.NextSingle()), value = 0.2f + (0.55f * random.NextSingle());
            float low = value * (1 - saturation);
            colors[i] = (Channel(hue + 3), Channel(hue + 1), Channel(hue + 5));

            float Channel(float at) => low + ((value - low) * Math.Clamp(MathF.Abs((at % 6) - 3) - 1, 0, 1));
        }

        float[] grays = [0.9f, 0.59f, 0.36f, 0.198f, 0.09f, 0.031f];
        for (int i = 0; i < 6; i++)
            colors[18 + i] = (grays[i], grays[i], grays[i]);
        return colors;
    }

    private static (float R, float G, float B) Blend((float R, float G, float B) from, (float R, float G, float B) to, float share) =>
        (from.R + ((to.R - from.R) * share), from.G + ((to.G - from.G) * share), from.B + ((to.B - from.B) * share));
}
