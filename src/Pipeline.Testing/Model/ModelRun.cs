using System.Diagnostics;

namespace Pipeline.Testing;

/// <summary>One run of a model program: whose code runs now, who waits for which step, and the virtual time.</summary>
/// <remarks>Not thread-safe, and need not be: one participant runs at a time, on the thread of the search.</remarks>
[DebuggerDisplay("{Participants.Count} participants, {StepsTaken} steps, time {Now}")]
internal sealed class ModelRun(bool isControlled)
{
    private readonly List<ModelResource> _resources = [];
    private readonly List<ModelParticipant> _participants = [];

    /// <summary>Gets whether steps wait for the scheduler; false makes the explorer blind, for tests of its canaries.</summary>
    public bool IsControlled => isControlled;

    /// <summary>Gets the participant whose code runs now; -1 outside of participants.</summary>
    public int Current { get; private set; } = -1;

    /// <summary>Gets the virtual time in ticks.</summary>
    public long Now { get; private set; }

    public int StepsTaken { get; private set; }

    public IReadOnlyList<ModelResource> Resources => _resources;

    public IReadOnlyList<ModelParticipant> Participants => _participants;

    public int Add(ModelResource resource)
    {
        _resources.Add(resource);
        return _resources.Count - 1;
    }

    public void Add(ModelParticipant participant) => _participants.Add(participant);

    public string NameOf(int participant) => _participants[participant].Name;

    /// <summary>Sets when the current participant wakes up at the latest.</summary>
    /// <returns>The virtual time of that moment.</returns>
    public long WakeAfter(int ticks) => _participants[Current].WakeAt = Now + ticks;

    public void Start()
    {
        for (int i = 0; i < _participants.Count; i++)
            Run(i, _participants[i].Launch);
    }

    /// <summary>Takes note of a new step, which must be awaited before the participant goes on.</summary>
    public void Announce(IModelStep step)
    {
        if (Current >= 0)
            _participants[Current].Announce(step);
    }

    /// <summary>Takes note that a step is being awaited.</summary>
    public void TakeNote(IModelStep awaited)
    {
        if (Current >= 0)
            _participants[Current].TakeNote(awaited);
    }

    public void Park(IModelStep step, Action continuation)
    {
        if (Current < 0)
        {
            throw new InvalidOperationException(
                $"The step '{step.Shape.Intent}' was awaited outside a participant. Await steps inside the bodies given to Participant "
                    + $"and Process.");
        }

        _participants[Current].Park(step, continuation);
    }

    /// <summary>Takes the pending step of a participant, then lets its code run to the next one.</summary>
    public string Take(int participant)
    {
        ModelParticipant actor = _participants[participant];
        IModelStep step = actor.Pending!;
        actor.Operation?.Begin(StepsTaken);
        step.Execute();
        StepsTaken++;
        actor.Operation?.Extend(StepsTaken - 1);
        Run(participant, actor.Resume);
        return step.Text;
    }

    public string Crash(int participant)
    {
        ModelParticipant actor = _participants[participant];
        StepsTaken++;
        foreach (ModelResource resource in _resources)
            resource.OnCrash(participant);
        if (!actor.Die())
            return "KILLED";
        Run(participant, actor.Launch);
        return $"KILLED, starts again (attempt {actor.Attempt})";
    }

    /// <summary>Lets time pass to the next wake-up; false when no participant sleeps.</summary>
    public bool TryAdvanceTime()
    {
        long next = _participants.Where(p => !p.IsDone && p.WakeAt > Now).Select(p => p.WakeAt).DefaultIfEmpty(long.MaxValue).Min();
        if (next == long.MaxValue)
            return false;
        Now = next;
        return true;
    }

    // The synchronization context of a test runner would carry continuations to other threads, out of the control of the explorer.
    private void Run(int participant, Action code)
    {
        int before = Current;
        SynchronizationContext? context = SynchronizationContext.Current;
        Current = participant;
        if (context is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            code();
        }
        finally
        {
            Current = before;
            if (context is not null)
                SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
