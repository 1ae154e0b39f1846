namespace Pipeline.Testing;

/// <summary>Everything in one run of a model program: shared resources, participants, rules.</summary>
/// <remarks>A new world is built for every run. Not thread-safe, and need not be: one participant runs at a time.</remarks>
public sealed class ModelWorld
{
    private readonly ModelRun _run;
    private readonly List<ModelRule> _atEnd = [];
    private readonly List<ModelRule> _always = [];
    private readonly List<Func<string?>> _histories = [];
    private readonly List<OperationRecord> _operations = [];

    internal ModelWorld(ModelRun run) => _run = run;

    /// <summary>Gets whether two orders of independent steps are judged alike: true unless something looks at the states in between.</summary>
    internal bool JudgesEndOnly => _always.Count == 0 && _histories.Count == 0;

    /// <summary>Adds a shared variable.</summary>
    /// <typeparam name="T">The type of the value; use immutable types.</typeparam>
    /// <param name="name">The name that traces use.</param>
    /// <param name="initial">The value at the start of every run.</param>
    /// <returns>The variable.</returns>
    public ModelVariable<T> Variable<T>(string name, T initial) => new(_run, name, initial);

    /// <summary>Adds a lock.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="onCrash">What the death of the holder does; stays held unless given.</param>
    /// <returns>The lock.</returns>
    public ModelLock Lock(string name, CrashEffect onCrash = CrashEffect.StaysHeld) => new(_run, name, onCrash);

    /// <summary>Adds a counting semaphore.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="permits">How many permits exist; 1 or more.</param>
    /// <param name="onCrash">What the death of a holder does; stays held unless given.</param>
    /// <returns>The semaphore.</returns>
    public ModelSemaphore Semaphore(string name, int permits, CrashEffect onCrash = CrashEffect.StaysHeld) =>
        new(_run, name, permits, onCrash);

    /// <summary>Adds an event that is not set.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <returns>The event.</returns>
    public ModelEvent Event(string name) => new(_run, name);

    /// <summary>Adds an empty append-only file, which survives crashes.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <returns>The journal.</returns>
    public ModelJournal Journal(string name) => new(_run, name);

    /// <summary>Adds a participant named A, B, C, ... by its place.</summary>
    /// <param name="body">What it does. It awaits steps of this world and nothing else.</param>
    public void Participant(Func<Task> body) => Participant(((char)('A' + (_run.Participants.Count % 26))).ToString(), body);

    /// <summary>Adds a participant, which never crashes.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="body">What it does. It awaits steps of this world and nothing else.</param>
    public void Participant(string name, Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _run.Add(new ModelParticipant(name, _ => body(), canCrash: false, restarts: 0));
    }

    /// <summary>Adds a participant that may crash at any step, and is started again by its supervisor.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="body">What it does, given the number of the attempt (1, 2, ...). Its private variables do not survive a crash.</param>
    /// <param name="restarts">How often it is started again after a crash; 0 or more, default 0.</param>
    public void Process(string name, Func<int, Task> body, int restarts = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(restarts);
        _run.Add(new ModelParticipant(name, body, canCrash: true, restarts));
    }

    /// <summary>States a rule that must hold when all participants have ended.</summary>
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
        ModelParticipant caller = _run.Participants[_run.Current];
        OperationRecord record = new(caller.Name, operation, argument);
        _operations.Add(record);
        caller.Operation = record;
        T result = await body().ConfigureAwait(false);
        record.Complete(result);
        caller.Operation = null;
        return result;
    }

    /// <summary>Offers to step aside; switching to another participant here is no preemption. Use it in retry loops.</summary>
    /// <returns>The step.</returns>
    public ModelStep<bool> Yield() => new(_run, new StepShape(null, StepEffect.Yields, "yield"), null, () => true, _ => "yield");

    /// <summary>Sleeps for a while of virtual time, which passes only when no participant can run.</summary>
    /// <param name="ticks">Ticks, 1 or more.</param>
    /// <returns>The step.</returns>
    public ModelStep<bool> Sleep(int ticks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ticks, 1);
        long wake = _run.WakeAfter(ticks);
        return new(
            _run, new StepShape(null, StepEffect.Orders, $"sleep {ticks}"), () => _run.Now >= wake, () => true, _ => $"slept {ticks}");
    }

    internal RunFailure? BrokenRule() => ModelRule.FirstBroken(_always);

    internal RunFailure? JudgeEnd()
    {
        foreach (ModelResource resource in _run.Resources)
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
}
