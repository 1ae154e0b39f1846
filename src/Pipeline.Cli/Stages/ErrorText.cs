namespace Pipeline.Cli;

/// <summary>Turns exceptions into one line for people.</summary>
internal static class ErrorText
{
    // What a programmer can set is no advice for the user of the tool.
    private const string ProgrammersAdvice = "DecodeOptions.";

    /// <summary>Gets what an exception says, without line breaks.</summary>
    public static string Of(Exception exception)
    {
        // The operating system's own words name the temporary file and its size.
        if (exception is PhotoException photo && DiskFull.IsCauseOf(photo))
            return $"'{photo.File}' could not be written: the disk is full.";
        string line = string.Join(' ', exception.Message.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries));
        int advice = line.IndexOf(ProgrammersAdvice, StringComparison.Ordinal);
        int end = advice < 0 ? -1 : line.LastIndexOf(". ", advice, StringComparison.Ordinal);
        return end < 0 ? line : line[..(end + 1)];
    }
}
