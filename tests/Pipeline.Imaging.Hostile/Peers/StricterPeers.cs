namespace Pipeline.Imaging.Hostile;

/// <summary>Asks programs that are stricter about damage what they think of the mutations that were accepted. Those that are not installed are named and left out.</summary>
internal static class StricterPeers
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // What a peer says about files that it cannot read or write for reasons of its own.
    private static readonly string[] s_noDamage = ["not support", "not configured", "cannot handle", "Sorry"];

    // One line for each file: its path, and what is wrong with it when Pillow knows the format and cannot read all of it.
    private const string Pillow = """
        import sys, warnings
        warnings.simplefilter('ignore')
        from PIL import Image, UnidentifiedImageError
        Image.MAX_IMAGE_PIXELS = None
        for path in sys.stdin.read().splitlines():
            try:
                with Image.open(path) as image:
                    image.load()
                print(path, '', sep='\t')
            except (UnidentifiedImageError, NotImplementedError):
                print(path, '', sep='\t')
            except Exception as e:
                text = type(e).__name__ + ': ' + str(e)
                own = any(word in text.lower() for word in ('support', 'unknown', 'unrecognized', 'cannot handle', 'not available', 'no decoder', 'mode'))
                print(path, text.replace('\t', ' ').replace('\n', ' ') if not own else '', sep='\t')
        """;

    public static IEnumerable<Finding> Ask(IReadOnlyList<(string Base, int Number, string Path)> accepted)
    {
        List<(string Base, int Number, string Path)> tiffs = [.. accepted.Where(static photo => photo.Path.EndsWith(".tif", StringComparison.Ordinal))];
        List<(string Base, int Number, string Path)> raws = [.. accepted.Where(static photo => Path.GetExtension(photo.Path) is ".dng" or ".nef" or ".cr2")];
        List<(string Base, int Number, string Path)> others = [.. accepted.Except(raws)];
        string copy = Path.Combine(Path.GetTempPath(), $"pipeline-hostile-{Environment.ProcessId}.tif");
        foreach (Finding finding in AskPillow(others))
            yield return finding;
        foreach (Finding finding in AskEach("tiffcp", tiffs, path => ["-c", "none", path, copy], static (code, error) => code != 0 && !s_noDamage.Any(said => error.Contains(said, StringComparison.Ordinal))))
            yield return finding;
        File.Delete(copy);
        foreach (Finding finding in AskEach("dcraw", raws, static path => ["-v", "-c", path], static (_, error) => error.Contains("Corrupt", StringComparison.Ordinal) || error.Contains("Unexpected end", StringComparison.Ordinal)))
            yield return finding;
    }

    private static IEnumerable<Finding> AskPillow(List<(string Base, int Number, string Path)> photos)
    {
        string? python = ((string[])["/usr/bin/python3", "python3"]).FirstOrDefault(static name => ToolRun.Find(name) is not null && ToolRun.Run(s_limit, name, "-c", "import PIL").ExitCode == 0);
        if (python is null)
        {
            Console.WriteLine("peer Pillow: not installed (python3-pil)");
            yield break;
        }

        string list = Path.Combine(Path.GetTempPath(), $"pipeline-hostile-{Environment.ProcessId}.txt");
        File.WriteAllLines(list, photos.Select(static photo => photo.Path));
        (int code, string output, string error) = ToolRun.Run(TimeSpan.FromMinutes(9), "/bin/sh", "-c", "exec \"$1\" -c \"$2\" < \"$3\"", "sh", python, Pillow, list);
        File.Delete(list);
        Dictionary<string, string> said = output.Split('\n').Select(static line => line.Split('\t')).Where(static parts => parts.Length == 2).ToDictionary(static parts => parts[0], static parts => parts[1]);
        Console.WriteLine($"peer Pillow: {said.Count} of {photos.Count} looked at, {said.Count(static pair => pair.Value.Length > 0)} called damaged{(code == 0 ? "" : ", ended early: " + error)}");
        foreach ((string name, int number, string path) in photos)
        {
            if (said.TryGetValue(path, out string? text) && text.Length > 0)
                yield return new Finding("peer-pillow", name, number, text);
        }
    }

    private static IEnumerable<Finding> AskEach(string program, List<(string Base, int Number, string Path)> photos, Func<string, string[]> arguments, Func<int, string, bool> isDamaged)
    {
        if (ToolRun.Find(program) is null)
        {
            Console.WriteLine($"peer {program}: not installed");
            yield break;
        }

        int damaged = 0;
        foreach ((string name, int number, string path) in photos)
        {
            // The picture itself goes nowhere: only what is said about it counts.
            (int code, string error) = Silent(program, arguments(path));
            if (!isDamaged(code, error))
                continue;
            damaged++;
            yield return new Finding("peer-" + program, name, number, error.ReplaceLineEndings(" ").Trim()[..Math.Min(200, error.ReplaceLineEndings(" ").Trim().Length)]);
        }

        Console.WriteLine($"peer {program}: {photos.Count} looked at, {damaged} called damaged");
    }

    private static (int ExitCode, string Error) Silent(string program, string[] arguments)
    {
        (int code, _, string error) = ToolRun.Run(s_limit, "/bin/sh", ["-c", "exec \"$@\" > /dev/null", "sh", program, .. arguments]);
        return (code, error);
    }
}
