using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Pipeline.Core;

namespace Pipeline.Imaging.Hostile;

/// <summary>The child process: makes each mutation that it is told, decodes it in a heap of its pattern, and says what came.</summary>
internal sealed class DecodeWorker(string folder, byte pattern, int seed)
{
    private readonly Dictionary<string, byte[]> _bases = [];
    private readonly StageWorkerContext _context = new("hostile", "decode", 0, CancellationToken.None);
    private readonly string _scratch = Directory.CreateTempSubdirectory("pipeline-hostile-").FullName;

    /// <summary>Reads lines of a name and a number until the input ends.</summary>
    public int Serve(TextReader input, TextWriter output)
    {
        try
        {
            while (input.ReadLine()?.Split('\t') is [string name, string number])
            {
                output.WriteLine(Decode(name, int.Parse(number, CultureInfo.InvariantCulture)).ToLine());
                output.Flush();
            }

            return 0;
        }
        finally
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    private Outcome Decode(string name, int number)
    {
        if (!_bases.TryGetValue(name, out byte[]? content))
            _bases[name] = content = File.ReadAllBytes(Path.Combine(folder, name));
        string path = Path.Combine(_scratch, name);
        File.WriteAllBytes(path, Mutation.Make(name, content, number, seed).Bytes);
        HeapPattern.Fill(pattern, Header(path));
        PeakMemory.Reset();
        Stopwatch clock = Stopwatch.StartNew();
        (OutcomeKind kind, string detail, string message) = Attempt(path, number);
        return new Outcome(kind, detail, message.Replace(path, "FILE", StringComparison.Ordinal), clock.ElapsedMilliseconds, PeakMemory.ReadMebibytes());
    }

    private (OutcomeKind Kind, string Detail, string Message) Attempt(string path, int number)
    {
        try
        {
            DecodePhoto stage = new(new DecodeOptions { TargetWidths = number % 4 == 1 ? [40] : [], KeepMetadata = number % 4 == 2 });
            IStageWorker<string, Photo> worker = stage.CreateWorker(_context);
            using Photo photo = worker.ProcessAsync(path, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            NetVips.Image image = photo.Renditions[0].Image;
            byte[] pixels = image.WriteToMemory<byte>();
            string hash = Convert.ToHexString(SHA256.HashData([.. SHA256.HashData(pixels), .. photo.Metadata.Exif.Span]), 0, 8);
            return (OutcomeKind.Accepted, $"{image.Width}x{image.Height}x{image.Bands} {hash}", "");
        }
        catch (PhotoException exception)
        {
            return (OutcomeKind.Refused, exception.Reason.ToString(), exception.Message);
        }
        catch (Exception exception)
        {
            return (OutcomeKind.Untyped, exception.GetType().Name, exception.Message);
        }
    }

    private static PhotoHeader? Header(string path)
    {
        try
        {
            return PhotoProbe.Read(path);
        }
        catch (Exception)
        {
            // Decoding it tells.
            return null;
        }
    }
}
