namespace Pipeline.Jobs.Tests;

/// <summary>Visits every state that a model can reach, and looks for bad states and for jobs that never end.</summary>
public sealed class ProtocolSearch
{
    private readonly Dictionary<ProtocolState, (ProtocolState From, string Move)> _reached = [];

    public int States => _reached.Count;

    public int Moves { get; private set; }

    /// <summary>Gets what is wrong and the moves that lead there; null when every state is good and the end can be reached from each by the system's own moves.</summary>
    public string? Failure { get; private set; }

    public static ProtocolSearch Run(ProtocolModel model)
    {
        ProtocolSearch search = new();
        search.Visit(model);
        return search;
    }

    private void Visit(ProtocolModel model)
    {
        Queue<ProtocolState> open = new([ProtocolModel.Initial]);
        _reached.Add(ProtocolModel.Initial, (default, string.Empty));
        Dictionary<ProtocolState, List<ProtocolState>> before = [];
        List<ProtocolState> ends = [];
        while (open.TryDequeue(out ProtocolState state))
        {
            if (ProtocolModel.Violation(state) is { } violation)
            {
                Failure = Story(violation, state);
                return;
            }

            if (state.IsFinal && state.Call == CallState.Accepted && (state.Charged || state.Row == RowState.Failed))
                ends.Add(state);
            foreach ((string move, ProtocolState next) in model.SystemMoves(state))
            {
                if (!before.TryGetValue(next, out List<ProtocolState>? from))
                    before.Add(next, from = []);
                from.Add(state);
                Add(state, move, next);
            }

            foreach ((string move, ProtocolState next) in model.BadMoves(state))
                Add(state, move, next);
        }

        // Back from the ends over moves of the system alone: whatever has happened, the job can still end without more luck than that the machines run.
        HashSet<ProtocolState> ending = [.. ends];
        Queue<ProtocolState> back = new(ends);
        while (back.TryDequeue(out ProtocolState state))
        {
            foreach (ProtocolState from in before.GetValueOrDefault(state) ?? [])
            {
                if (ending.Add(from))
                    back.Enqueue(from);
            }
        }

        foreach (ProtocolState state in _reached.Keys)
        {
            if (!ending.Contains(state))
            {
                Failure = Story("the job never ends", state);
                return;
            }
        }

        void Add(ProtocolState from, string move, ProtocolState next)
        {
            Moves++;
            if (_reached.TryAdd(next, (from, move)))
                open.Enqueue(next);
        }
    }

    private string Story(string what, ProtocolState state)
    {
        List<string> moves = [];
        while (_reached[state].Move.Length > 0)
        {
            moves.Add(_reached[state].Move);
            state = _reached[state].From;
        }

        moves.Reverse();
        return $"{what}: {string.Join(", ", moves)}";
    }
}
