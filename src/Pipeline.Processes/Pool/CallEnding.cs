namespace Pipeline.Processes;

/// <summary>Why a call ends without an answer.</summary>
internal enum CallEnding
{
    /// <summary>It does not, so far.</summary>
    None,

    /// <summary>Its caller canceled it.</summary>
    Canceled,

    /// <summary>It ran longer than its deadline.</summary>
    TimedOut,

    /// <summary>The pool was disposed.</summary>
    Disposed,

    /// <summary>It took down as many workers as it may.</summary>
    Quarantined,

    /// <summary>No worker starts.</summary>
    NotStarted,
}
