namespace Pipeline.Testing;

/// <summary>What was wrong with a run.</summary>
public enum FailureKind
{
    /// <summary>A stated rule did not hold, at the end or after a step.</summary>
    RuleBroken,

    /// <summary>No participant can go on, and not all have ended.</summary>
    Deadlock,

    /// <summary>A permit or a lock was not given back by the end of the run.</summary>
    LostPermit,

    /// <summary>The results that the callers saw fit no sequential order of their calls.</summary>
    NotLinearizable,

    /// <summary>A participant ended by an exception.</summary>
    ParticipantFailed,

    /// <summary>The run did not end within the step limit: the participants keep each other busy (livelock).</summary>
    StepLimit,

    /// <summary>A participant waits for something that the explorer does not control, or real code announces no step at all. Never counted as a pass.</summary>
    Uncontrolled,

    /// <summary>The same choices led to another run: something besides the schedule decides what the program does. Never counted as a pass.</summary>
    Nondeterministic,
}
