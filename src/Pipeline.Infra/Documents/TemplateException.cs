namespace Pipeline.Infra;

/// <summary>A template, a claims file or a file beside them cannot be read as it stands.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="at">The place of the mistake.</param>
    /// <param name="message">What is wrong, the rule and the next step.</param>
    public TemplateException(Location at, string message)
        : base($"{at}: {message}") => At = at;

    /// <summary>Gets the place of the mistake.</summary>
    public Location At { get; }
}
