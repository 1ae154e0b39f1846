namespace Pipeline.Sync;

/// <summary>Why a file cannot be used as an append log.</summary>
public enum AppendLogProblem
{
    /// <summary>Another process, or another <see cref="AppendLog"/> of this one, writes to it.</summary>
    Held = 0,

    /// <summary>It is something else, or a log of another kind or of an older format.</summary>
    OtherKind = 1,

    /// <summary>It is of another version of this kind.</summary>
    OtherVersion = 2,

    /// <summary>It is about another subject.</summary>
    OtherSubject = 3,

    /// <summary>Its header is damaged, or complete records follow an unreadable one.</summary>
    Damaged = 4,
}
