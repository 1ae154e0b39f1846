namespace Pipeline.Jobs.AspNetCore;

/// <summary>What a link allows: one method on one artifact.</summary>
internal sealed record LinkTicket(string Method, string Name, string FileName, string ContentType, long MaxBytes)
{
    private const char Separator = '\u001F';

    public string Write() => string.Join(Separator, Method, Name, FileName, ContentType, MaxBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static LinkTicket? Read(string text)
    {
        string[] parts = text.Split(Separator);
        return parts.Length == 5 && long.TryParse(parts[4], System.Globalization.CultureInfo.InvariantCulture, out long bytes) ? new LinkTicket(parts[0], parts[1], parts[2], parts[3], bytes) : null;
    }
}
