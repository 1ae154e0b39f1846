namespace Pipeline.Testing;

/// <summary>One run of a program in progress: participants, each with at most one pending step.</summary>
/// <remarks>Not thread-safe: one scheduler drives it, step by step.</remarks>
internal abstract class Execution : IDisposable
{
    public abstract IReadOnlyList<string> Participants { get; }

    /// <summary>Gets a failure that makes every further step meaningless (an exception, an uncontrolled wait, a broken rule).</summary>
    public abstract RunFailure? Failure { get; }

    /// <summary>Gets a number that is equal for two prefixes when they order all dependent steps alike, and so lead to the same state.</summary>
    public abstract UInt128 HistoryHash { get; }

    /// <summary>Gets whether equal <see cref="HistoryHash"/> means equal futures, results and judgements.</summary>
    public abstract bool AllowsReduction { get; }

    public abstract bool IsDone(int participant);

    public abstract bool IsEnabled(int participant);

    /// <summary>Tells whether the participant offers to step aside: switching away from it is no preemption.</summary>
    public abstract bool IsYielding(int participant);

    public abstract bool CanCrash(int participant);

    /// <summary>Tells whether the next steps of two participants can change places without any effect.</summary>
    public abstract bool AreIndependent(int first, int second);

    /// <summary>Describes the next step without its result, for fingerprints and menus.</summary>
    public abstract string PendingText(int participant);

    /// <summary>Executes the next step and returns what it did, for traces.</summary>
    public abstract string Step(int participant);

    public abstract string Crash(int participant);

    /// <summary>Lets time pass to the next wake-up, when no participant can run.</summary>
    public abstract bool TryAdvanceTime();

    /// <summary>Judges the end of a run in which all participants ended.</summary>
    public abstract RunFailure? JudgeEnd();

    /// <summary>Judges a run in which no participant can go on.</summary>
    public abstract RunFailure JudgeDeadlock();

    /// <summary>Lists the shared state as (name, value).</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> State();

    /// <summary>Lists who waits for what and who holds it, now.</summary>
    public abstract IReadOnlyList<WaitEdge> Waits();

    /// <summary>Lists the resources that participants hold, now.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, IReadOnlyList<int>>> Holds();

    public abstract void Dispose();
}
