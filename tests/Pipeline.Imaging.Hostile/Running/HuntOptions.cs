using System.Globalization;

namespace Pipeline.Imaging.Hostile;

/// <summary>What the command line asks for.</summary>
internal sealed record HuntOptions
{
    public const int ShortCount = 30;

    public const int DefaultSeed = 20261;

    /// <summary>Gets how many mutations there are of each base file. The short form has 30, the long one 640.</summary>
    public int Count { get; init; } = ShortCount;

    public int Seed { get; init; } = DefaultSeed;

    /// <summary>Gets the start of the names of the base files that are used; empty for all.</summary>
    public string Only { get; init; } = "";

    /// <summary>Gets the folder for inputs that failed, with their recipes.</summary>
    public string Keep { get; init; } = Path.Combine(Path.GetTempPath(), "pipeline-hostile");

    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);

    public int MemoryMebibytes { get; init; } = 2048;

    /// <summary>Gets how many mutations the two executors of the tool are compared over; 0 for none.</summary>
    public int Executors { get; init; } = 200;

    /// <summary>Gets whether stricter programs look at what was accepted, where they are installed.</summary>
    public bool Peers { get; init; }

    /// <summary>Gets whether failures are held against known-failures.txt.</summary>
    public bool Known { get; init; } = true;

    /// <summary>Gets a value indicating whether the run tries what the list of known failures was made from, so that a row without a failure is out of date.</summary>
    public bool JudgesKnown => Known && Seed == DefaultSeed && Only.Length == 0 && Count == ShortCount;

    public static HuntOptions? Parse(IReadOnlyList<string> args)
    {
        HuntOptions options = new();
        for (int i = 0; i < args.Count; i++)
        {
            string value = i + 1 < args.Count ? args[i + 1] : "";
            bool isNumber = int.TryParse(value, CultureInfo.InvariantCulture, out int number);
            HuntOptions? next = args[i] switch
            {
                "--long" => options with { Count = 640, Executors = 2000, Peers = true },
                "--peers" => options with { Peers = true },
                "--no-known" => options with { Known = false },
                "--mutations" when isNumber => options with { Count = number },
                "--seed" when isNumber => options with { Seed = number },
                "--seconds" when isNumber => options with { Limit = TimeSpan.FromSeconds(number) },
                "--memory" when isNumber => options with { MemoryMebibytes = number },
                "--executors" when isNumber => options with { Executors = number },
                "--only" => options with { Only = value },
                "--keep" => options with { Keep = value },
                _ => null,
            };
            if (next is null)
                return null;
            i += args[i] is "--long" or "--peers" or "--no-known" ? 0 : 1;
            options = next;
        }

        return options;
    }
}
