namespace Pipeline.Architecture.Tests;

/// <summary>A directed graph over names.</summary>
internal sealed class Graph
{
    private readonly SortedDictionary<string, SortedSet<string>> _next = new(StringComparer.Ordinal);

    public IEnumerable<(string From, string To)> Arrows => _next.SelectMany(pair => pair.Value.Select(to => (pair.Key, to)));

    public void Add(string from, string to)
    {
        if (!_next.TryGetValue(from, out SortedSet<string>? targets))
            _next.Add(from, targets = new SortedSet<string>(StringComparer.Ordinal));
        targets.Add(to);
    }

    /// <summary>Finds the sets of two or more nodes that all reach each other, the largest first (Tarjan 1972).</summary>
    public IReadOnlyList<IReadOnlyList<string>> Knots()
    {
        Dictionary<string, int> index = [];
        Dictionary<string, int> low = [];
        Stack<string> stack = [];
        HashSet<string> onStack = [];
        List<IReadOnlyList<string>> knots = [];
        foreach (string node in _next.Keys)
        {
            if (!index.ContainsKey(node))
                Visit(node);
        }

        return [.. knots.OrderByDescending(knot => knot.Count)];

        void Visit(string node)
        {
            index[node] = low[node] = index.Count;
            stack.Push(node);
            onStack.Add(node);
            foreach (string next in _next.GetValueOrDefault(node, []))
            {
                if (!index.TryGetValue(next, out int seen))
                {
                    Visit(next);
                    low[node] = Math.Min(low[node], low[next]);
                }
                else if (onStack.Contains(next))
                {
                    low[node] = Math.Min(low[node], seen);
                }
            }

            if (low[node] != index[node])
                return;
            List<string> knot = [];
            string member;
            do
            {
                member = stack.Pop();
                onStack.Remove(member);
                knot.Add(member);
            }
            while (member != node);
            if (knot.Count > 1)
                knots.Add([.. knot.Order(StringComparer.Ordinal)]);
        }
    }
}
