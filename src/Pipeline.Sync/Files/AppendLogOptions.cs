namespace Pipeline.Sync;

/// <summary>What an <see cref="AppendLog"/> holds and what its records survive. Checked and copied when the log is opened.</summary>
public sealed class AppendLogOptions
{
    /// <summary>Gets or sets the kind of content, which the header names: a file of another kind is refused.</summary>
    /// <value>1 to 8 ASCII characters.</value>
    public required string Kind { get; set; }

    /// <summary>Gets or sets the version of the content: a file of another version is refused.</summary>
    /// <value>0 to 65,535; default 1.</value>
    public int Version { get; set; } = 1;

    /// <summary>Gets or sets what the log is about, which the header holds: a file about another subject is refused.</summary>
    /// <value>0 to 4,096 bytes; default none.</value>
    public ReadOnlyMemory<byte> Subject { get; set; }

    /// <summary>Gets or sets what an acknowledged record survives.</summary>
    /// <value>Default <see cref="Durability.PowerLoss"/>.</value>
    public Durability Durability { get; set; } = Durability.PowerLoss;

    /// <summary>Gets or sets whether damage in the middle is passed over: the records around it are read and the damaged bytes stay where they are.</summary>
    /// <value>Default false: <see cref="AppendLog.Open"/> refuses a damaged log and changes nothing.</value>
    public bool PassesOverDamage { get; set; }

    /// <summary>Gets or sets what is called once, by the thread that flushes, when the log fails and takes no more records.</summary>
    /// <value>Gets the cause; null, the default, for none. It must not throw.</value>
    public Action<Exception>? OnFailure { get; set; }

    internal AppendLogOptions CheckedCopy()
    {
        if (Kind is not { Length: >= 1 and <= AppendLogFormat.KindBytes } || Kind.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException(
                $"An append log was given the kind '{Kind}'. Kind must be 1 to {AppendLogFormat.KindBytes} ASCII characters without "
                + "spaces.");
        }

        if (Version is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(Version), Version,
                $"An append log was given version {Version}. Version must be 0 to 65,535.");
        }

        if (Subject.Length > AppendLogFormat.MaxSubjectBytes)
        {
            throw new ArgumentException(
                $"An append log was given a subject of {Subject.Length:N0} bytes. "
                + $"Subject must have 0 to {AppendLogFormat.MaxSubjectBytes:N0}. Use a hash.");
        }

        if (!Enum.IsDefined(Durability))
        {
            throw new ArgumentOutOfRangeException(nameof(Durability), Durability,
                $"An append log was given Durability {Durability}. Use ProcessCrash or PowerLoss.");
        }

        AppendLogOptions copy = (AppendLogOptions)MemberwiseClone();
        copy.Subject = Subject.ToArray();
        return copy;
    }
}
