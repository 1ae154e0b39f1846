namespace Pipeline.Core;

/// <summary>Why a worker with an item in front of it does not start it.</summary>
internal enum IdleReason
{
    /// <summary>No free processor of the run, or no memory budget.</summary>
    Admission,

    /// <summary>No room downstream.</summary>
    Room,

    /// <summary>Room downstream is held by results that wait for an earlier one.</summary>
    Ordering,
}
