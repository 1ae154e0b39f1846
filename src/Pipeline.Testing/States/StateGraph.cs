using System.Globalization;
using System.Text;

namespace Pipeline.Testing;

/// <summary>Lists every state that a small program can reach, so that a page or a tool can let its user choose each step.</summary>
/// <remarks>
/// Two runs are in one state when every participant has seen the same results in the same order and the shared state is equal: programs are
/// deterministic, so nothing that follows can differ. Thread-safe: each call has its own runs.
/// </remarks>
public sealed class StateGraph
{
    private const int MostStates = 20_000;

    private readonly ModelProgram _program;
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<ProgramState> _states = [];
    private readonly List<List<StateMove>> _paths = [];

    private StateGraph(ModelProgram program) => _program = program;

    /// <summary>Visits every state.</summary>
    /// <param name="program">A program with at most 20,000 states.</param>
    /// <returns>The states; the first is the start, and <see cref="StateMove.Next"/> is an index into this list.</returns>
    /// <exception cref="InvalidOperationException">The program has more states.</exception>
    public static IReadOnlyList<ProgramState> Build(ModelProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        StateGraph graph = new(program);
        graph.Visit([]);
        for (int i = 0; i < graph._paths.Count; i++)
            graph.Expand(i);
        return graph._states;
    }

    private void Expand(int id)
    {
        foreach (StateMove move in _states[id].Moves)
            move.Next = Visit([.. _paths[id], move]);
    }

    private int Visit(List<StateMove> path)
    {
        using Execution execution = _program.Start();
        List<StringBuilder> seen = [.. execution.Participants.Select(_ => new StringBuilder())];
        int crashes = 0;
        PassTime(execution);
        foreach (StateMove move in path)
        {
            move.Text = move.IsCrash ? execution.Crash(move.Participant) : execution.Step(move.Participant);
            seen[move.Participant].Append(move.Text).Append(';');
            if (move.IsCrash)
                crashes++;
            PassTime(execution);
        }

        ProgramState state = Describe(execution, crashes);
        string key = string.Join('|', seen) + "#" + crashes.ToString(CultureInfo.InvariantCulture) + "#" + string.Join('|', state.Values);
        if (_ids.TryGetValue(key, out int known))
            return known;
        if (_states.Count == MostStates)
            throw new InvalidOperationException($"'{_program.Name}' has more than {MostStates} states, which is too many to list. Make "
                + $"the program smaller.");
        _ids.Add(key, _states.Count);
        _states.Add(state);
        _paths.Add(path);
        return _states.Count - 1;
    }

    /// <summary>Lets time pass while no participant can run.</summary>
    private static void PassTime(Execution execution)
    {
        while (!Enabled(execution).Any() && execution.TryAdvanceTime())
        {
        }
    }

    private ProgramState Describe(Execution execution, int crashes)
    {
        ProgramState state = new(execution) { Failure = execution.Failure?.Message };
        if (state.Failure is not null)
            return state;
        if (!Enabled(execution).Any())
        {
            bool allDone = Participants(execution).All(execution.IsDone);
            state.IsEnd = true;
            state.Failure = (allDone ? execution.JudgeEnd() : execution.JudgeDeadlock())?.Message;
            return state;
        }

        foreach (int participant in Enabled(execution))
            state.Add(new StateMove(participant, isCrash: false));
        if (crashes < _program.CrashBudget)
        {
            foreach (int participant in Participants(execution).Where(execution.CanCrash))
                state.Add(new StateMove(participant, isCrash: true));
        }

        return state;
    }

    private static IEnumerable<int> Participants(Execution execution) => Enumerable.Range(0, execution.Participants.Count);

    private static IEnumerable<int> Enabled(Execution execution) => Participants(execution).Where(execution.IsEnabled);
}
