namespace Pipeline.Testing;

/// <summary>Everything in one run of a model program: shared resources, participants, rules.</summary>
/// <remarks>A new world is built for every run. Not thread-safe, and need not be: one participant runs at a time.</remarks>
public sealed class ModelWorld
{
    private readonly List<ModelResource> _resources = [];
    private readonly List<ModelParticipant> _participants = [];
    private readonly List<ModelRule> _atEnd = [];
    private readonly List<ModelRule> _always = [];
    private readonly List<Func<string?>> _histories = [];
    private readonly List<OperationRecord> _operations = [];

    internal ModelWorld(bool isControlled) => IsControlled = isControlled;

    internal bool IsControlled { get; }

    /// <summary>Gets the participant whose code runs now; -1 outside of participants.</summary>
    internal int Current { get; private set; } = -1;

    /// <summary>Gets the virtual time in ticks.</summary>
    internal long Now { get; private set; }

    /// <summary>Gets how many steps have been taken.</summary>
    internal int StepsTaken { get; private set; }

    internal IReadOnlyList<ModelResource> Resources => _resources;

    internal IReadOnlyList<ModelParticipant> Participants => _participants;

    /// <summary>Gets whether two orders of independent steps are judged alike: true unless something looks at the states in between.</summary>
    internal bool JudgesEndOnly => _always.Count == 0 && _histories.Count == 0;

    /// <summary>Adds a shared variable.</summary>
    /// <typeparam name="T">The type of the value; use immutable types.</typeparam>
    /// <param name="name">The name that traces use.</param>
    /// <param name="initial">The value at the start of every run.</param>
    /// <returns>The variable.</returns>
    public ModelVariable<T> Variable<T>(string name, T initial) => new(this, name, initial);

    /// <summary>Adds a lock.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="onCrash">What the death of the holder does; stays held unless given.</param>
    /// <returns>The lock.</returns>
    public ModelLock Lock(string name, CrashEffect onCrash = CrashEffect.StaysHeld) => new(this, name, onCrash);

    /// <summary>Adds a counting semaphore.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="permits">How many permits exist; 1 or more.</param>
    /// <param name="onCrash">What the death of a holder does; stays held unless given.</param>
    /// <returns>The semaphore.</returns>
    public ModelSemaphore Semaphore(string name, int permits, CrashEffect onCrash = CrashEffect.StaysHeld) => new(this, name, permits, onCrash);

    /// <summary>Adds an event that is not set.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <returns>The event.</returns>
    public ModelEvent Event(string name) => new(this, name);

    /// <summary>Adds an empty append-only file, which survives crashes.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <returns>The journal.</returns>
    public ModelJournal Journal(string name) => new(this, name);

    /// <summary>Adds a participant named A, B, C, ... by its place.</summary>
    /// <param name="body">What it does. It awaits steps of this world and nothing else.</param>
    public void Participant(Func<Task> body) => Participant(((char)('A' + (_participants.Count % 26))).ToString(), body);

    /// <summary>Adds a participant, which never crashes.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="body">What it does. It awaits steps of this world and nothing else.</param>
    public void Participant(string name, Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _participants.Add(new ModelParticipant(name, _ => body(), canCrash: false, restarts: 0));
    }

    /// <summary>Adds a participant that may crash at any step, and is started again by its supervisor.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="body">What it does, given the number of the attempt (1, 2, ...). Its private variables do not survive a crash.</param>
    /// <param name="restarts">How often it is started again after a crash; 0 or more, default 0.</param>
    public void Process(string name, Func<int, Task> body, int restarts = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(restarts);
        _participants.Add(new ModelParticipant(name, body, canCrash: true, restarts));
    }

    /// <summary>States a rule that must hold when everybody has ended.</summary>
    /// <param name="rule">The rule in words, for example <c>total is 2</c>.</param>
    /// <param name="holds">Tells whether it holds.</param>
    /// <param name="seen">The value seen, for the report; null leaves it out.</param>
    public void AtEnd(string rule, Func<bool> holds, Func<string>? seen = null) => _atEnd.Add(new ModelRule(rule, holds, seen));

    /// <summary>States a rule that must hold after every step.</summary>
    /// <param name="rule">The rule in words.</param>
    /// <param name="holds">Tells whether it holds.</param>
    /// <param name="seen">The value seen, for the report; null leaves it out.</param>
    /// <remarks>Looking at the states in between makes more orders distinguishable, so a proof checks more schedules.</remarks>
    public void Always(string rule, Func<bool> holds, Func<string>? seen = null) => _always.Add(new ModelRule(rule, holds, seen));

    /// <summary>States that a journal must contain each expected key exactly once and nothing else: the total equals the set of keys.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="expected">The keys that must be there; asked at the end.</param>
    public void TotalEqualsKeys(ModelJournal journal, Func<IEnumerable<string>> expected)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(expected);
        AtEnd($"{journal.Name} holds each key exactly once",
            () => journal.Keys.Order(StringComparer.Ordinal).SequenceEqual(expected().Distinct().Order(StringComparer.Ordinal)),
            () => KeyDifference.Describe(journal.Keys, expected()));
    }

    /// <summary>States that the results of the <see cref="Call"/>s must fit a sequential order that respects real time.</summary>
    /// <typeparam name="TState">The state of the sequential specification; an immutable type with value equality.</typeparam>
    /// <param name="initial">The state at the start.</param>
    /// <param name="apply">The sequential specification: from a state, an operation and its argument to the next state and the result.</param>
    public void Linearizable<TState>(TState initial, Func<TState, string, object?, (TState Next, object? Result)> apply)
    {
        ArgumentNullException.ThrowIfNull(apply);
        _histories.Add(() => new LinearizabilityCheck<TState>(_operations, apply).FindViolation(initial));
    }

    /// <summary>Runs an operation whose result the linearizability rule judges.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="operation">The name of the operation.</param>
    /// <param name="argument">Its argument, or null.</param>
    /// <param name="body">What it does. The operation lasts from its first step to its last.</param>
    /// <returns>The result.</returns>
    public async Task<T> Call<T>(string operation, object? argument, Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ModelParticipant caller = _participants[Current];
        OperationRecord record = new OperationRecord(NameOf(Current), operation, argument);
        _operations.Add(record);
        caller.Operation = record;
        T result = await body().ConfigureAwait(false);
        record.Complete(result);
        caller.Operation = null;
        return result;
    }

    /// <summary>Offers to step aside; switching to another participant here is no preemption. Use it in retry loops.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Yield() => new(this, new StepShape(null, StepEffect.Yields, "yield"), null, () => true, _ => "yield");

    /// <summary>Sleeps for a while of virtual time, which passes only when nobody can run.</summary>
    /// <param name="ticks">Ticks, 1 or more.</param>
    /// <returns>The step.</returns>
    public ModelStep<bool> Sleep(int ticks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ticks, 1);
        long wake = Now + ticks;
        WakeAt(Current, wake);
        return new(this, new StepShape(null, StepEffect.Orders, $"sleep {ticks}"), () => Now >= wake, () => true, _ => $"slept {ticks}");
    }

    internal int Add(ModelResource resource)
    {
        _resources.Add(resource);
        return _resources.Count - 1;
    }

    internal string NameOf(int participant) => _participants[participant].Name;

    internal void WakeAt(int participant, long time) => _participants[participant].WakeAt = time;

    internal void Start()
    {
        for (int i = 0; i < _participants.Count; i++)
            Run(i, _participants[i].Launch);
    }

    /// <summary>Takes note of a new step, which must be awaited before the participant goes on.</summary>
    internal void Announce(IModelStep step)
    {
        if (Current >= 0)
            _participants[Current].Announce(step);
    }

    /// <summary>Takes note that a step is being awaited.</summary>
    internal void TakeNote(IModelStep awaited)
    {
        if (Current >= 0)
            _participants[Current].TakeNote(awaited);
    }

    internal void Park(IModelStep step, Action continuation)
    {
        if (Current < 0)
            throw new InvalidOperationException($"The step '{step.Shape.Intent}' was awaited outside a participant. Await steps inside the bodies given to {nameof(Participant)} and {nameof(Process)}.");
        _participants[Current].Park(step, continuation);
    }

    internal string Take(int participant)
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

    internal string Crash(int participant)
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

    internal bool TryAdvanceTime()
    {
        long next = long.MaxValue;
        foreach (ModelParticipant participant in _participants)
        {
            if (!participant.IsDone && participant.WakeAt > Now)
                next = Math.Min(next, participant.WakeAt);
        }

        if (next == long.MaxValue)
            return false;
        Now = next;
        return true;
    }

    internal RunFailure? BrokenRule() => ModelRule.FirstBroken(_always);

    internal RunFailure? JudgeEnd()
    {
        foreach (ModelResource resource in _resources)
        {
            if (resource.JudgeEnd() is { } loss)
                return new RunFailure(FailureKind.LostPermit, loss);
        }

        foreach (Func<string?> history in _histories)
        {
            if (history() is { } violation)
                return new RunFailure(FailureKind.NotLinearizable, violation);
        }

        return ModelRule.FirstBroken(_atEnd);
    }

    // A test runner's synchronization context would carry continuations off to other threads, out of the explorer's hands.
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
