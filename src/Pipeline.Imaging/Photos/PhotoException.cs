namespace Pipeline.Imaging;

/// <summary>Thrown when a photo cannot be decoded, processed or stored; says which file, why, and what to do next.</summary>
public sealed class PhotoException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="PhotoException"/> class.</summary>
    /// <param name="file">The file concerned.</param>
    /// <param name="reason">Why it failed.</param>
    /// <param name="message">What failed, the value seen, the rule and the next step.</param>
    /// <param name="innerException">What the library below reported; null when the failure was found here.</param>
    public PhotoException(string file, PhotoFailure reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        File = file;
        Reason = reason;
    }

    /// <summary>Gets the file concerned.</summary>
    public string File { get; }

    /// <summary>Gets why it failed.</summary>
    public PhotoFailure Reason { get; }
}
