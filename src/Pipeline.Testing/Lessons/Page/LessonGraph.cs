using System.Globalization;
using System.Text;
using Pipeline.Testing.Internal;

namespace Pipeline.Testing.Lessons.Page;

/// <summary>Every state that a small program can reach, so that a page can let the learner choose each step without running C#.</summary>
/// <remarks>
/// Two runs are in one state when every participant has seen the same results in the same order and the shared state is equal: programs are
/// deterministic, so nothing that follows can differ.
/// </remarks>
internal sealed class LessonGraph
{
    private const int MostStates = 20_000;

    private readonly ModelProgram _program;
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<GraphNode> _nodes = [];
    private readonly List<List<GraphMove>> _paths = [];

    private LessonGraph(ModelProgram program) => _program = program;

    public static IReadOnlyList<GraphNode> Build(ModelProgram program)
    {
        var graph = new LessonGraph(program);
        graph.Visit([]);
        for (int i = 0; i < graph._paths.Count; i++) graph.Expand(i);
        return graph._nodes;
    }

    private void Expand(int id)
    {
        GraphNode node = _nodes[id];
        foreach (GraphMove move in node.Moves) move.Next = Visit([.. _paths[id], move]);
    }

    private int Visit(List<GraphMove> path)
    {
        using Execution execution = _program.Start();
        List<StringBuilder> seen = [.. execution.Participants.Select(_ => new StringBuilder())];
        int crashes = 0;
        while (TimePasses(execution))
        {
        }

        foreach (GraphMove move in path)
        {
            move.Text = move.IsCrash ? execution.Crash(move.Participant) : execution.Step(move.Participant);
            seen[move.Participant].Append(move.Text).Append(';');
            if (move.IsCrash) crashes++;
            while (TimePasses(execution))
            {
            }
        }

        GraphNode node = Describe(execution, crashes);
        string key = string.Join('|', seen) + "#" + crashes.ToString(CultureInfo.InvariantCulture) + "#" + string.Join('|', node.State);
        if (_ids.TryGetValue(key, out int known)) return known;
        if (_nodes.Count == MostStates) throw new InvalidOperationException($"'{_program.Name}' has more than {MostStates} states, which is too many for a page. Make the program smaller.");
        _ids.Add(key, _nodes.Count);
        _nodes.Add(node);
        _paths.Add(path);
        return _nodes.Count - 1;
    }

    private static bool TimePasses(Execution execution)
    {
        for (int i = 0; i < execution.Participants.Count; i++)
        {
            if (execution.IsEnabled(i)) return false;
        }

        return execution.TryAdvanceTime();
    }

    private GraphNode Describe(Execution execution, int crashes)
    {
        var node = new GraphNode
        {
            State = [.. execution.State().Select(s => s.Value)],
            Waits = execution.Waits(),
            Holds = execution.Holds(),
            Pending = [.. Enumerable.Range(0, execution.Participants.Count).Select(i => execution.IsDone(i) ? null : execution.PendingText(i))],
        };
        bool anybody = false, everybodyDone = true;
        for (int i = 0; i < execution.Participants.Count; i++)
        {
            anybody |= execution.IsEnabled(i);
            everybodyDone &= execution.IsDone(i);
        }

        node.Failure = execution.Failure?.Message;
        if (node.Failure is not null) return node;
        if (!anybody)
        {
            node.IsEnd = true;
            node.Failure = (everybodyDone ? execution.JudgeEnd() : execution.JudgeDeadlock())?.Message;
            return node;
        }

        for (int i = 0; i < execution.Participants.Count; i++)
        {
            if (execution.IsEnabled(i)) node.Moves.Add(new GraphMove(i, false));
        }

        for (int i = 0; i < execution.Participants.Count && crashes < _program.CrashBudget; i++)
        {
            if (execution.CanCrash(i)) node.Moves.Add(new GraphMove(i, true));
        }

        return node;
    }
}
