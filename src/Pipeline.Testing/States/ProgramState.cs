namespace Pipeline.Testing;

/// <summary>One state that a program can reach: what is shared, which participants wait, what can come next.</summary>
public sealed class ProgramState
{
    private readonly List<StateMove> _moves = [];

    internal ProgramState(Execution execution)
    {
        Values = [.. execution.State().Select(value => value.Value)];
        Waits = execution.Waits();
        Holds = execution.Holds();
        Pending = [.. Enumerable.Range(0, execution.Participants.Count).Select(i => execution.IsDone(i) ? null : execution.PendingText(i))];
    }

    /// <summary>Gets the values of the shared resources, in the order of declaration.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Gets the participants that wait for a resource.</summary>
    public IReadOnlyList<WaitEdge> Waits { get; }

    /// <summary>Gets the resources that are held, each with the indexes of its holders.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<int>>> Holds { get; }

    /// <summary>Gets the next step of each participant.</summary>
    /// <value>One text for each participant; null when it has ended.</value>
    public IReadOnlyList<string?> Pending { get; }

    /// <summary>Gets the choices that lead on from here.</summary>
    public IReadOnlyList<StateMove> Moves => _moves;

    /// <summary>Gets a value indicating whether the program ends here: no participant can go on.</summary>
    public bool IsEnd { get; internal set; }

    /// <summary>Gets what is wrong here.</summary>
    /// <value>A broken rule or a deadlock; null when nothing is wrong.</value>
    public string? Failure { get; internal set; }

    internal void Add(StateMove move) => _moves.Add(move);
}
