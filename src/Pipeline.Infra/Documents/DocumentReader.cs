using System.Text;

namespace Pipeline.Infra;

/// <summary>Reads YAML or JSON into nodes that know their lines. Size and depth are bounded, so that a hostile file costs little.</summary>
internal static class DocumentReader
{
    // CloudFormation refuses larger templates.
    internal const int MaxBytes = 1_000_000;
    internal const int MaxDepth = 64;
    internal const int MaxNodes = 200_000;

    internal static DocumentNode ReadFile(string path)
    {
        FileInfo info = new(path);
        if (!info.Exists)
            throw new TemplateException(new Location(path, 1), "the file does not exist. Check the path.");
        if (info.Length > MaxBytes)
            throw TooLarge(path, info.Length, LineAtLimit(path));
        byte[] bytes = File.ReadAllBytes(path);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            int index = Math.Clamp(e.Index, 0, bytes.Length);
            throw new TemplateException(new Location(path, 1 + bytes.AsSpan(0, index).Count((byte)'\n')), "the bytes are no UTF-8 text. Save the file as UTF-8.");
        }

        return Read(path, text);
    }

    internal static DocumentNode Read(string file, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
            throw TooLarge(file, Encoding.UTF8.GetByteCount(text), 1 + text.AsSpan(0, Math.Min(text.Length, MaxBytes)).Count('\n'));
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        if (start.IsEmpty)
            throw new TemplateException(new Location(file, 1), "the file is empty. Give a template with a section 'Resources'.");
        return start[0] == '{' ? JsonDocumentReader.Read(file, text) : YamlDocumentReader.Read(file, text);
    }

    internal static TemplateException TooDeep(string file, int line) =>
        new(new Location(file, line), $"values are nested deeper than {MaxDepth} levels. Flatten the document.");

    internal static TemplateException TooMany(string file, int line) =>
        new(new Location(file, line), $"the document has more than {MaxNodes:N0} values. Split the template.");

    internal static TemplateException Duplicate(string file, int line, string key, int first) =>
        new(new Location(file, line), $"the key '{key}' occurs twice in one map; it already stands in line {first}. Remove or rename one of them.");

    private static int LineAtLimit(string path)
    {
        byte[] start = new byte[MaxBytes];
        using FileStream file = File.OpenRead(path);
        int count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return 1 + start.AsSpan(0, count).Count((byte)'\n');
    }

    private static TemplateException TooLarge(string file, long bytes, int line) =>
        new(new Location(file, line), $"the file has {bytes:N0} bytes; the limit of {MaxBytes:N0} bytes is passed in this line. CloudFormation accepts no larger template; split it.");
}
