namespace Pipeline.Imaging.Hostile;

/// <summary>How the decoding of one file ended.</summary>
internal enum OutcomeKind
{
    /// <summary>A picture came.</summary>
    Accepted,

    /// <summary>A failure with a reason came.</summary>
    Refused,

    /// <summary>An exception came that names neither the file nor a reason.</summary>
    Untyped,

    /// <summary>The process died.</summary>
    Crashed,

    /// <summary>Nothing came within the limit.</summary>
    Hung,

    /// <summary>More memory was taken than the limit.</summary>
    OverMemory,
}
