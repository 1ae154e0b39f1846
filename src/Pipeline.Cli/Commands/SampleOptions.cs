using System.CommandLine;

namespace Pipeline.Cli;

/// <summary>The options that say which sample photos to make.</summary>
internal sealed class SampleOptions
{
    private readonly Option<int> _count = ValueOption.Whole("--count", "N", 1, 100_000, 4, "How many photos.");
    private readonly Option<double> _megapixels = ValueOption.Number(
        "--megapixels",
        "M",
        0.1,
        200,
        24,
        "Size of each photo in millions of pixels, 0.1 to 200; a photo takes 2 bytes per pixel or less.");
    private readonly Option<int> _seed =
        ValueOption.Whole("--seed", "S", 0, int.MaxValue, 1, "What the scenes are made from; the same seed gives the same files.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_count);
        command.Options.Add(_megapixels);
        command.Options.Add(_seed);
    }

    /// <summary>Reads the values that the user gave.</summary>
    /// <param name="result">The parsed command line, free of errors.</param>
    /// <param name="folder">Where the photos go.</param>
    public SampleOrder Read(ParseResult result, string folder) =>
        new(folder, result.GetValue(_count), result.GetValue(_megapixels), result.GetValue(_seed));
}
