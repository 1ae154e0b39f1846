namespace Pipeline.Sync;

/// <summary>One concurrent participant of a controlled run; a scheduler implements it and decides when the participant goes on.</summary>
/// <remarks>
/// <para>A scheduler creates one object per participant and runs the participant's code inside <see cref="SyncPoint.Attach"/>. The primitives of this library
/// then call back here, always on the thread of the participant, and the call returns when the scheduler lets the participant take its next step. While the
/// scheduler runs exactly one participant at a time, a run is a function of its choices and can be repeated.</para>
/// <para>Either method may throw to end the participant. The exception unwinds through the primitives, whose <c>finally</c> blocks run: that models a
/// cancellation, not a kill. To model a kill, never return from the call and release what the kernel would release, for example by disposing the participant's
/// own <c>CrossProcessSemaphore</c> object.</para>
/// </remarks>
public interface ISyncParticipant
{
    /// <summary>Called before each visible step. Returns when the step may be taken.</summary>
    /// <param name="kind">What the step does.</param>
    /// <param name="resource">What it does it to: compared by reference, named by <see cref="object.ToString"/>.</param>
    void Before(SyncPointKind kind, object resource);

    /// <summary>Called when the participant cannot go on by itself. Returns when <paramref name="isReady"/> holds and the participant may go on.</summary>
    /// <param name="kind">The step that waits, in general <see cref="SyncPointKind.Acquire"/>.</param>
    /// <param name="resource">What it waits for.</param>
    /// <param name="isReady">Free of lasting effects, callable on any thread while no participant runs. True does not promise that the retry succeeds: the
    /// participant tries again and may call back.</param>
    void WaitUntil(SyncPointKind kind, object resource, Func<bool> isReady);
}
