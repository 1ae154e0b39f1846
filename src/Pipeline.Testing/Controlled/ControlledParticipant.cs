using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Testing;

/// <summary>One participant over real code, on a thread of its own that runs only between <see cref="Resume"/> and the next stop.</summary>
/// <remarks>
/// Locking: the scheduler's thread and the participant's thread never run at the same time; <c>_go</c> and the <c>stopped</c> semaphore hand
/// control over, which also publishes the fields. An uncontrolled participant is the exception: it is not touched any more.
/// </remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim whose "
    + "wait handle is never asked for owns nothing, and an abandoned thread may still use it.")]
[DebuggerDisplay("{Body.Name}, attempt {Attempt}: {Kind} {Resource}")]
internal sealed class ControlledParticipant(ControlledBody body, int attempt, SemaphoreSlim stopped) : ISyncParticipant
{
    // A clean-up path that loops over sync points is stopped after so many of them.
    private const int MostStepsWhileEnding = 10_000;

    private readonly SemaphoreSlim _go = new(0);
    private int _stepsWhileEnding;
    private int _runs; // 1 between Resume and the next stop; Interlocked only, because a task that was not awaited may stop as well
    private volatile bool _ending;
    private volatile bool _twofold;

    public ControlledBody Body { get; } = body;

    public int Attempt { get; } = attempt;

    public SyncPointKind Kind { get; private set; }

    /// <summary>Gets what the pending step touches; null when it has ended or runs.</summary>
    public object? Resource { get; private set; }

    /// <summary>Gets the condition that it waits for; null when it only announced a step.</summary>
    public Func<bool>? IsReady { get; private set; }

    public bool HasEnded { get; private set; }

    public Exception? Error { get; private set; }

    /// <summary>Gets or sets whether it was just started again, so that others may go first.</summary>
    public bool JustRestarted { get; set; }

    public bool IsDead { get; private set; }

    /// <summary>Gets whether two threads ran for it at once.</summary>
    public bool IsTwofold => _twofold;

    public void Start()
    {
        _runs = 1;
        ParticipantThread.Run(RunBody);
    }

    public void Resume()
    {
        (Resource, IsReady, JustRestarted) = (null, null, false);
        Interlocked.Exchange(ref _runs, 1);
        _go.Release();
    }

    public void Kill() => (IsDead, Resource, IsReady) = (true, null, null);

    /// <summary>Lets the thread unwind, so that it can serve other runs. Returns after it has ended, or after the time limit.</summary>
    public void End(TimeSpan limit)
    {
        if (HasEnded)
            return;
        _ending = true;
        _go.Release();
        _ = stopped.Wait(limit);
    }

    void ISyncParticipant.Before(SyncPointKind kind, object resource) => Stop(kind, resource, null);

    void ISyncParticipant.WaitUntil(SyncPointKind kind, object resource, Func<bool> isReady)
    {
        if (_ending)
            throw new ParticipantEndedException();
        Stop(kind, resource, isReady);
    }

    private void Stop(SyncPointKind kind, object resource, Func<bool>? isReady)
    {
        if (_ending)
        {
            // The first stop unwinds. Then finally blocks give back what they hold; no scheduler orders them any more.
            if (_stepsWhileEnding++ is 0 or > MostStepsWhileEnding)
                throw new ParticipantEndedException();
            return;
        }

        if (!HasControl())
            throw new ParticipantEndedException();
        (Kind, Resource, IsReady) = (kind, resource, isReady);
        stopped.Release();
        _go.Wait();
        if (!_ending)
            return;
        _stepsWhileEnding = 1;
        throw new ParticipantEndedException();
    }

    private void RunBody()
    {
        try
        {
            // Off: the body runs through without a stop. The canaries then pass although they must fail, and the explorer says that it is blind.
            using SyncPointScope scope = SyncPoint.IsEnabled ? SyncPoint.Attach(this) : default;

            // Blocking is the point: this thread belongs to the participant, and under control asynchronous calls complete at once.
            Body.Run(Attempt).GetAwaiter().GetResult();
        }
        catch (ParticipantEndedException)
        {
        }
        catch (Exception error)
        {
            Error = error;
        }

        if (!_ending && !HasControl())
            return;
        (HasEnded, Resource, IsReady) = (true, null, null);
        stopped.Release();
    }

    // Of two threads that run for one participant, the first to stop hands control back; no scheduler waits for the other.
    private bool HasControl()
    {
        if (Interlocked.Exchange(ref _runs, 0) == 1)
            return true;
        _twofold = true;
        return false;
    }
}
