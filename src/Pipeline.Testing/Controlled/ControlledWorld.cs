using System.Runtime.CompilerServices;

namespace Pipeline.Testing;

/// <summary>Everything in one run of a program over real code: named resources, participants, rules, clean-up.</summary>
/// <remarks>A new world is built for every run. Not thread-safe, and need not be: it is filled before the run starts.</remarks>
public sealed class ControlledWorld
{
    private readonly ConditionalWeakTable<object, string> _names = [];
    private readonly List<KeyValuePair<string, Func<string>>> _shown = [];
    private readonly List<ModelRule> _atEnd = [];
    private readonly List<Action> _cleanups = [];

    internal ControlledWorld()
    {
    }

    internal List<ControlledBody> Bodies { get; } = [];

    /// <summary>Names a resource for traces and reports.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="show">Shows its state in a few characters, without passing a sync point; null leaves it out of state tables.</param>
    /// <returns>The resource.</returns>
    public T Named<T>(string name, T resource, Func<T, string>? show = null)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _names.AddOrUpdate(resource, name);
        if (show is not null)
            _shown.Add(KeyValuePair.Create(name, () => show(resource)));
        return resource;
    }

    /// <summary>Adds a participant, which never crashes.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="body">What it does, on its own thread.</param>
    public void Participant(string name, Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Bodies.Add(new ControlledBody(name, _ => body(), null, 0));
    }

    /// <summary>Adds a participant, which never crashes.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="body">What it does, on its own thread.</param>
    public void Participant(string name, Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Participant(name, () =>
        {
            body();
            return Task.CompletedTask;
        });
    }

    /// <summary>Adds a participant that may be killed at any sync point, and is started again by its supervisor.</summary>
    /// <param name="name">The name that traces use.</param>
    /// <param name="body">What it does, given the number of the attempt (1, 2, ...).</param>
    /// <param name="onKill">
    /// Does what the operating system does for a dead process, for example dispose the semaphore object of this participant, so that its
    /// file locks are dropped. The killed thread itself never goes on while the run lasts; no <c>finally</c> of it counts.
    /// </param>
    /// <param name="restarts">How often it is started again after a crash; 0 or more, default 0.</param>
    public void Process(string name, Func<int, Task> body, Action onKill, int restarts = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(onKill);
        ArgumentOutOfRangeException.ThrowIfNegative(restarts);
        Bodies.Add(new ControlledBody(name, body, onKill, restarts));
    }

    /// <summary>States a rule that must hold when all participants have ended.</summary>
    /// <param name="rule">The rule in words.</param>
    /// <param name="holds">Tells whether it holds.</param>
    /// <param name="seen">The value seen, for the report; null leaves it out.</param>
    public void AtEnd(string rule, Func<bool> holds, Func<string>? seen = null) => _atEnd.Add(new ModelRule(rule, holds, seen));

    /// <summary>Adds something to do after the run has been judged and all participants have ended, last added first.</summary>
    /// <param name="action">For example, delete a folder.</param>
    public void CleanUp(Action action) => _cleanups.Add(action);

    internal string NameOf(object resource) =>
        _names.TryGetValue(resource, out string? name) ? name : resource.ToString() ?? resource.GetType().Name;

    internal IEnumerable<KeyValuePair<string, string>> State() => _shown.Select(s => KeyValuePair.Create(s.Key, s.Value()));

    internal RunFailure? JudgeEnd() => ModelRule.FirstBroken(_atEnd);

    internal void RunCleanups()
    {
        for (int i = _cleanups.Count - 1; i >= 0; i--)
            _cleanups[i]();
    }
}
