using System.Globalization;

namespace Pipeline.Sync.Stress;

/// <summary>The options of a show: <c>--name value</c> or <c>--name</c>.</summary>
internal sealed class Settings(string[] args)
{
    public int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public string Required(string name) => Text(name) ?? throw new ArgumentException($"--{name} is missing.");

    public bool Has(string name) => args.Contains("--" + name);

    private string? Text(string name)
    {
        int at = Array.IndexOf(args, "--" + name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
