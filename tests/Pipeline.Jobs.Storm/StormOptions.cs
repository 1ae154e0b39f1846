using System.Globalization;

namespace Pipeline.Jobs.Storm;

internal sealed record StormOptions(int Jobs, int Workers, int Seconds, int Seed, Mutation Mutation)
{
    public static StormOptions Read(string[] args)
    {
        StormOptions options = new(100, 4, 150, Random.Shared.Next(), Mutation.None);
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            int number = int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int value) ? value : 0;
            options = args[i] switch
            {
                "--jobs" => options with { Jobs = number },
                "--workers" => options with { Workers = number },
                "--seconds" => options with { Seconds = number },
                "--seed" => options with { Seed = number },
                "--mutation" => options with { Mutation = Enum.Parse<Mutation>(args[i + 1].Replace("-", "", StringComparison.Ordinal), ignoreCase: true) },
                _ => throw new ArgumentException($"'{args[i]}' is no option of the storm."),
            };
        }

        return options;
    }
}
