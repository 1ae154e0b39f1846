using System.Diagnostics;
using System.Globalization;
using Pipeline.Imaging.LibRaw;

namespace Pipeline.Imaging.Benchmarks;

/// <summary>How long does one RAW photo take from the file to sRGB pixels, on one core, beside LibRaw's own development in the same run?</summary>
internal static class RawDevelop
{
    private static readonly LibRawDecoder s_other = new();
    private static readonly DevelopingRawDecoder s_own = new();

    private static readonly (string Name, IRawDecoder Decoder, Demosaic Method)[] s_variants =
    [
        ("Pipeline, full size", s_own, Demosaic.Auto),
        ("LibRaw linear", s_other, Demosaic.Linear),
        ("LibRaw PPG", s_other, Demosaic.Ppg),
        ("LibRaw AHD", s_other, Demosaic.Ahd),
        ("Pipeline, half size", s_own, Demosaic.Half),
    ];

    public static int Run(string[] args)
    {
        double megapixels = 45;
        int rounds = 7;
        string? only = null;
        List<string> files = new();
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--megapixels": megapixels = double.Parse(args[i + 1], CultureInfo.InvariantCulture); break;
                case "--rounds": rounds = int.Parse(args[i + 1], CultureInfo.InvariantCulture); break;
                case "--only": only = args[i + 1]; break;
                case "--file": files.Add(args[i + 1]); break;
                default: Console.Error.WriteLine($"Unknown option {args[i]}."); return 2;
            }
        }

        string folder = Directory.CreateTempSubdirectory("pipeline-benchmark-").FullName;
        try
        {
            if (files.Count == 0)
                files.AddRange(MakeFiles(folder, megapixels));
            foreach (string file in files)
                Measure(file, only is null ? rounds : 1, [.. s_variants.Where(v => only is null || v.Name == only)]);
            if (only is null)
                MeasureMemory(rounds, megapixels);
            else
                Console.WriteLine($"peak working set {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> MakeFiles(string folder, double megapixels)
    {
        foreach (DngCompression compression in Enum.GetValues<DngCompression>())
        {
            (int width, int height) = SyntheticCamera.SizeOf(megapixels);
            string path = Path.Combine(folder, $"{compression}.dng");
            new SyntheticCamera(width, height) { Compression = compression }.TakePhoto(path, 1, CancellationToken.None);
            yield return path;
        }
    }

    // s_variants take turns, so that a slow moment of the machine meets all of them.
    private static void Measure(string file, int rounds, (string Name, IRawDecoder Decoder, Demosaic Method)[] variants)
    {
        double[][] seconds = [.. variants.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int v = 0; v < variants.Length; v++)
            {
                long start = Stopwatch.GetTimestamp();
                RawPicture picture = variants[v].Decoder.Decode(
                    new RawRequest(file, variants[v].Method, 1L << 30, AcceptDamaged: false), CancellationToken.None);
                seconds[v][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                picture.Pixels.Dispose();
            }
        }

        Console.WriteLine($"\n{Path.GetFileName(file)}, {new FileInfo(file).Length / 1e6:f1} MB, {rounds} rounds in turn\n");
        Print([.. variants.Select((v, i) => (v.Name, seconds[i]))]);
    }

    private static void MeasureMemory(int rounds, double megapixels)
    {
        (int width, int height) = SyntheticCamera.SizeOf(megapixels);
        ushort[] samples = new ushort[width * height];
        Random random = new(1);
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (ushort)random.Next(512, 16384);
        SensorImage image = new()
        {
            Samples = samples,
            RowStride = width,
            Width = width,
            Height = height,
            Pattern = BayerPattern.Rggb,
            BlackLevels = [512, 512, 512, 512],
            WhiteLevel = 16383,
            WhiteBalance = [2.1f, 1, 1.6f],
            CameraToSrgb = [1.8178f, -0.9643f, 0.1465f, -0.2289f, 1.7738f, -0.5449f, -0.0195f, -0.4681f, 1.4876f],
        };
        (string Name, SensorImage Image, SensorDevelopOptions Options)[] cases =
        [
            ("full size", image, SensorDevelopOptions.Default),
            ("full size, two bands", image, new SensorDevelopOptions { Bands = 2 }),
            ("full size, turned by 90 degrees", image with { Orientation = 6 }, SensorDevelopOptions.Default),
            ("half size", image, new SensorDevelopOptions { HalfSize = true }),
        ];
        double[][] seconds = [.. cases.Select(_ => new double[rounds])];
        byte[] target = new byte[samples.Length * 3];
        for (int round = 0; round < rounds; round++)
        {
            for (int c = 0; c < cases.Length; c++)
            {
                (int w, int h) = SensorDeveloper.SizeOf(cases[c].Image, cases[c].Options.HalfSize);
                long start = Stopwatch.GetTimestamp();
                SensorDeveloper.Develop(cases[c].Image, target.AsSpan(0, w * h * 3), cases[c].Options);
                seconds[c][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        Console.WriteLine($"\nDevelopment alone, {width} x {height} samples of noise in memory, {rounds} rounds in turn\n");
        Print([.. cases.Select((c, i) => (c.Name, seconds[i]))]);
    }

    private static void Print(IReadOnlyList<(string Name, double[] Seconds)> rows)
    {
        double first = Median(rows[0].Seconds);
        Console.WriteLine("| variant | median s | fastest s | ratio to the first |\n|---|---:|---:|---:|");
        foreach ((string name, double[] seconds) in rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {Median(seconds):f3} | {seconds.Min():f3} | {Median(seconds) / first:f2} |"));
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
