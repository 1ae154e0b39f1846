namespace Pipeline.Cli.Running;

/// <summary>Turns exceptions into one line for people.</summary>
internal static class ErrorText
{
    /// <summary>Gets what an exception says, without line breaks.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>One line.</returns>
    public static string Of(Exception exception) =>
        string.Join(' ', exception.Message.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries));
}
