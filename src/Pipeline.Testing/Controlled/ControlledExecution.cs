using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pipeline.Testing;

/// <summary>A run over real code: every step lets one thread go from one sync point to the next.</summary>
internal sealed class ControlledExecution : Execution
{
    private readonly ControlledWorld _world;
    [SuppressMessage("Reliability", "CA2213:Disposable fields should be disposed", Justification = "A SemaphoreSlim whose wait handle "
        + "is never asked for owns nothing, and an abandoned thread may still use it.")]
    private readonly SemaphoreSlim _stopped = new(0);
    private readonly Watchdog _watchdog;
    private readonly ControlledParticipant[] _participants;
    private readonly List<ControlledParticipant> _dead = [];
    private readonly List<(object Resource, int Holder)> _held = [];
    private readonly bool?[] _enabled; // asked once for each step, because asking may cost system calls
    private readonly string[] _names;
    private RunFailure? _failure;
    private ControlledParticipant? _uncontrolled;
    private bool _anyStep;

    public ControlledExecution(ControlledWorld world, TimeSpan limit, TimeProvider clock)
    {
        _world = world;
        _watchdog = new Watchdog(_stopped, limit, clock);
        _names = [.. world.Bodies.Select(b => b.Name)];
        _enabled = new bool?[_names.Length];
        _participants = [.. world.Bodies.Select(b => new ControlledParticipant(b, 1, _stopped))];
        for (int i = 0; i < _participants.Length && _failure is null; i++)
            RunToStop(i, _participants[i].Start);
    }

    public override IReadOnlyList<string> Participants => _names;

    public override RunFailure? Failure => _failure;

    public override UInt128 HistoryHash => UInt128.Zero;

    // Between two sync points real code may touch state without announcing it, so no two orders count as equivalent.
    public override bool AllowsReduction => false;

    public override bool IsDone(int participant) => _participants[participant].HasEnded || _participants[participant].IsDead;

    public override bool IsEnabled(int participant)
    {
        ControlledParticipant actor = _participants[participant];
        if (actor.Resource is null)
            return false;
        return _enabled[participant] ??= actor.IsReady is null || actor.IsReady();
    }

    public override bool IsYielding(int participant) => _participants[participant].JustRestarted;

    public override bool CanCrash(int participant) => !IsDone(participant) && _participants[participant].Body.OnKill is not null;

    public override bool AreIndependent(int first, int second) => false;

    public override string PendingText(int participant)
    {
        ControlledParticipant actor = _participants[participant];
        if (actor.Resource is null)
            return "ended";
        string verb = actor.Kind.ToString().ToLowerInvariant();
        return actor.IsReady is null ? $"{verb} {_world.NameOf(actor.Resource)}" : $"wake up: {verb} {_world.NameOf(actor.Resource)} again";
    }

    public override string Step(int participant)
    {
        ControlledParticipant actor = _participants[participant];
        string text = PendingText(participant);
        _anyStep = true;
        (SyncPointKind kind, object resource) = (actor.Kind, actor.Resource!);
        RunToStop(participant, actor.Resume);
        Follow(participant, kind, resource);
        return text;
    }

    public override string Crash(int participant)
    {
        ControlledParticipant actor = _participants[participant];
        actor.Kill();
        try
        {
            actor.Body.OnKill!();
        }
        catch (Exception error)
        {
            _failure = new RunFailure(
                FailureKind.ParticipantFailed,
                $"the clean-up after the kill of {_names[participant]} failed: {error.Message}")
            { Exception = error };
        }

        _held.RemoveAll(h => h.Holder == participant);
        Array.Clear(_enabled);
        if (actor.Attempt > actor.Body.Restarts)
            return "KILLED";
        _dead.Add(actor);
        ControlledParticipant again = new(actor.Body, actor.Attempt + 1, _stopped) { JustRestarted = true };
        _participants[participant] = again;
        RunToStop(participant, again.Start);
        return $"KILLED, starts again (attempt {again.Attempt})";
    }

    public override bool TryAdvanceTime() => false;

    public override RunFailure? JudgeEnd() => FindTwofold() ?? _world.JudgeEnd() ?? FindNothingExplored();

    public override RunFailure JudgeDeadlock() =>
        WaitForReport.Describe(_names, Waits(), [.. Enumerable.Range(0, _names.Length).Where(IsDone)]);

    public override IEnumerable<KeyValuePair<string, string>> State() => _world.State();

    public override IReadOnlyList<WaitEdge> Waits() =>
    [
        .. Enumerable.Range(0, _names.Length)
            .Where(i => _participants[i] is { Resource: not null, IsReady: not null } && !IsEnabled(i))
            .Select(i => new WaitEdge(
                i, _world.NameOf(_participants[i].Resource!),
                [.. _held.Where(h => h.Resource == _participants[i].Resource).Select(h => h.Holder)])),
    ];

    public override IReadOnlyList<KeyValuePair<string, IReadOnlyList<int>>> Holds() =>
        [.. _held.GroupBy(h => _world.NameOf(h.Resource)).Select(
            g => KeyValuePair.Create<string, IReadOnlyList<int>>(g.Key, [.. g.Select(h => h.Holder)]))];

    public override void Dispose()
    {
        // The thread that is out of control is only told to end; another one that unwinds may be what it waits for.
        foreach (ControlledParticipant actor in _participants.Concat(_dead))
            actor.End(actor == _uncontrolled ? TimeSpan.Zero : _watchdog.Limit);
        _watchdog.Dispose();
        _world.RunCleanups();
    }

    private void RunToStop(int participant, Action run)
    {
        Array.Clear(_enabled);
        _watchdog.Arm();
        run();
        if (!_watchdog.Wait())
        {
            _uncontrolled = _participants[participant];
            _failure = new RunFailure(FailureKind.Uncontrolled, string.Create(CultureInfo.InvariantCulture, $"{_names[participant]} "
                + $"reached neither a sync point nor its end within {_watchdog.Limit.TotalSeconds:0.###} s: it is blocked by something "
                + $"that the explorer does not control (a lock statement, a task, a timer, input or output), or it computes for long. "
                + $"Announce the wait with SyncPoint.WaitUntil"));
        }
        else if (FindTwofold() is { } twofold)
        {
            _failure = twofold;
        }
        else if (_participants[participant].Error is { } error)
        {
            _failure = new RunFailure(
                FailureKind.ParticipantFailed, $"{_names[participant]} failed: {error.Message}")
            { Exception = error };
        }
    }

    private RunFailure? FindTwofold()
    {
        _uncontrolled ??= Array.Find(_participants, p => p.IsTwofold);
        return _uncontrolled is null ? null : new RunFailure(FailureKind.Uncontrolled, $"{_uncontrolled.Body.Name} runs on two threads "
            + $"at once: a task was started and not awaited. Await it, or make it a participant of its own");
    }

    // The canaries show that the explorer sees; this shows that there is something to see.
    private RunFailure? FindNothingExplored() => _anyStep ? null : new RunFailure(FailureKind.Uncontrolled, "nobody reached a sync "
        + "point, so there is one order only and nothing was explored: the code under test announces no step. Call SyncPoint.Before "
        + "ahead of each step that touches shared state, or use the primitives of Pipeline.Sync");

    // Who holds what, for reports: an acquire that did not end in a wait for the same resource has succeeded.
    private void Follow(int participant, SyncPointKind kind, object resource)
    {
        if (kind == SyncPointKind.Release)
        {
            int index = _held.FindIndex(h => h.Resource == resource && h.Holder == participant);
            if (index >= 0)
                _held.RemoveAt(index);
        }
        else if (kind == SyncPointKind.Acquire
            && !(_participants[participant].Resource == resource && _participants[participant].Kind == SyncPointKind.Acquire))
        {
            _held.Add((resource, participant));
        }
    }
}
