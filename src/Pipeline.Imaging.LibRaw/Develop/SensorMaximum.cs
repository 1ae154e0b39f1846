using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging.LibRaw.Develop;

/// <summary>Finds the brightest value of a sensor.</summary>
internal static unsafe class SensorMaximum
{
    /// <summary>Finds the largest value of the visible area, black subtracted at its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Find(BayerSensor sensor)
    {
        // The maximum per place in the 2 x 2 block first, then black is subtracted once.
        Span<ushort> most = stackalloc ushort[4];
        most.Clear();
        for (int parity = 0; parity < 2; parity++)
        {
            Vector<ushort> found = Vector<ushort>.Zero;
            ushort evenRest = 0, oddRest = 0;
            for (int y = parity; y < sensor.Height; y += 2)
            {
                ushort* row = sensor.Values + ((long)y * sensor.Pitch);
                int x = 0;
                for (; x + Vector<ushort>.Count <= sensor.Width; x += Vector<ushort>.Count)
                    found = Vector.Max(found, Vector.Load(row + x));
                for (; x < sensor.Width; x++)
                {
                    if ((x & 1) == 0)
                        evenRest = Math.Max(evenRest, row[x]);
                    else
                        oddRest = Math.Max(oddRest, row[x]);
                }
            }

            for (int i = 0; i < Vector<ushort>.Count; i += 2)
            {
                evenRest = Math.Max(evenRest, found[i]);
                oddRest = Math.Max(oddRest, found[i + 1]);
            }

            most[2 * parity] = evenRest;
            most[(2 * parity) + 1] = oddRest;
        }

        float largest = 0;
        for (int i = 0; i < 4; i++)
            largest = Math.Max(largest, most[i] - sensor.Black[i]);
        return largest;
    }
}
