namespace Pipeline.Sync;

/// <summary>What the current flow of control holds or waits for, so that two separate acquisitions are checked against each other.</summary>
/// <remarks>
/// <para>The entry is the acquisition object itself, set in the synchronous part of the acquiring call: there the change is visible to the caller, which it
/// would not be after an await inside the acquiring method. The object changes its state later; released ones are skipped and stay until the next, so a child
/// task that inherited one is not blamed after the release.</para>
/// <para>Every acquisition gets an entry of its own, although that is half of what it costs. An entry that was used again after its release would be cheaper,
/// but a task that inherited it before would then be taken for a holder of what its starter acquired later, and nothing tells the two apart: a task that was
/// started and the continuation of its starter run in the same execution context.</para>
/// <para>Locking: ambient, private to each execution context; the switch is written once at type initialization.</para>
/// </remarks>
internal static class LockFlow
{
    public const string SwitchName = "Pipeline.Sync.AmbientLockChecks";

    private static readonly AsyncLocal<HeldLocks?> s_innermost = new();

    /// <summary>Gets a value indicating whether flows are tracked. Default true; costs about 25 ns per acquisition.</summary>
    public static bool IsOn { get; } = !AppContext.TryGetSwitch(SwitchName, out bool on) || on;

    public static HeldLocks? Innermost
    {
        get
        {
            if (!IsOn)
                return null;
            HeldLocks? innermost = s_innermost.Value;
            while (innermost is not null && !innermost.IsLive)
                innermost = innermost.Parent;
            return innermost;
        }
    }

    public static void Enter(HeldLocks acquisition)
    {
        if (IsOn)
            s_innermost.Value = acquisition;
    }
}
