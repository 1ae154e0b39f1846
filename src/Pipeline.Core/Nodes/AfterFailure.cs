namespace Pipeline.Core;

/// <summary>What follows a failed attempt at an item.</summary>
internal enum AfterFailure
{
    /// <summary>The item has failed for good.</summary>
    Fail,

    /// <summary>The run stops, so the item is neither finished nor failed.</summary>
    LeaveUnfinished,

    /// <summary>The next attempt begins at once.</summary>
    TryNow,

    /// <summary>The next attempt begins after a delay.</summary>
    TryLater,
}
