using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pipeline.Sync;

/// <summary>Learns in which order a program takes its locks, and finds orders that can deadlock from runs on a single thread.</summary>
/// <remarks>
/// <para>While it learns, levels need not rise: instead of refusing, each acquisition adds an edge from every level held to every level asked for, before it
/// waits, and every circle that an edge closes is recorded. A program whose edges form no circle cannot deadlock with any timing.</para>
/// <para>Keep the exported text in the repository: a new edge is then a line in a review (the idea is MySQL's LOCK ORDER; the idea of learning by class of lock
/// is the Linux kernel's lockdep). Not for production: learning takes a lock for each new edge.</para>
/// <para>Thread-safe. Locking rule: <see cref="_edges"/> is added to under <see cref="_gate"/> only, together with the search for circles, so two edges that
/// close a circle between them cannot both miss it; it is read without.</para>
/// </remarks>
public sealed class LockOrderGraph
{
    private const int LongestCycle = 16;
    private const int MostCycles = 1000;

    private static LockOrderGraph? s_learning; // Interlocked

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(string From, string To), LockOrderEdge> _edges = new(); // see the locking rule
    private readonly List<LockOrderCycle> _cycles = []; // guarded by _gate

    /// <summary>Gets what was learned or imported, sorted.</summary>
    public IReadOnlyList<LockOrderEdge> Edges =>
        [.. _edges.Values.OrderBy(edge => edge.From, StringComparer.Ordinal).ThenBy(edge => edge.To, StringComparer.Ordinal)];

    /// <summary>Gets the circles that were found, in the order of finding; at most 1,000.</summary>
    public IReadOnlyList<LockOrderCycle> Cycles
    {
        get
        {
            lock (_gate)
                return [.. _cycles];
        }
    }

    internal static bool IsLearning => Volatile.Read(ref s_learning) is not null;

    /// <summary>Reads a reviewed order.</summary>
    /// <param name="text">What <see cref="Export"/> wrote: a line <c>from -&gt; to</c> per edge; what follows <c>#</c> is a comment.</param>
    /// <returns>A graph with these edges and the circles among them.</returns>
    /// <exception cref="FormatException">A line is neither empty, nor a comment, nor an edge.</exception>
    public static LockOrderGraph Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        LockOrderGraph graph = new();
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string[] halves = raw.Split('#', 2);
            string line = halves[0].Trim();
            if (line.Length == 0)
                continue;
            string[] ends = line.Split(" -> ", StringSplitOptions.TrimEntries);
            if (ends.Length != 2 || ends[0].Length == 0 || ends[1].Length == 0)
            {
                throw new FormatException(
                    $"Line {number} of the lock order is '{line}'. Each line is 'from -> to', with a comment after '#'.");
            }

            string[] sites = halves.Length == 2 ? halves[1].Split(" then ", 2, StringSplitOptions.TrimEntries) : [];
            graph.Add(new LockOrderEdge(
                ends[0], ends[1],
                sites.Length == 2 ? sites[0] : "the reviewed file", sites.Length == 2 ? sites[1] : "the reviewed file"));
        }

        return graph;
    }

    /// <summary>Starts to learn from all acquisitions of this process, until the result is disposed.</summary>
    /// <returns>Dispose it to end the learning.</returns>
    /// <exception cref="InvalidOperationException">Another graph is learning.</exception>
    public IDisposable StartLearning()
    {
        if (Interlocked.CompareExchange(ref s_learning, this, null) is not null)
        {
            throw new InvalidOperationException(
                "Another LockOrderGraph is learning in this process. Dispose what its StartLearning returned first.");
        }

        return new Session();
    }

    /// <summary>Writes the edges as text, sorted, for a review.</summary>
    /// <returns>A line per edge, with the places in a comment.</returns>
    public string Export() => string.Concat(Edges.Select(edge => edge + "\n"));

    /// <summary>Finds what is new against a reviewed order.</summary>
    /// <param name="reviewed">The reviewed order.</param>
    /// <returns>Edges of this graph that the other has not.</returns>
    public IReadOnlyList<LockOrderEdge> NewSince(LockOrderGraph reviewed)
    {
        ArgumentNullException.ThrowIfNull(reviewed);
        return [.. Edges.Where(edge => !reviewed._edges.ContainsKey((edge.From, edge.To)))];
    }

    /// <summary>Learns from an acquisition that is about to begin.</summary>
    internal static void Learn(HeldLocks wanted)
    {
        if (Volatile.Read(ref s_learning) is not { } graph)
            return;
        for (HeldLocks? outer = wanted.Parent; outer is not null; outer = outer.Parent)
        {
            if (!outer.IsLive)
                continue;
            foreach (ILockable from in outer.Locks)
            {
                foreach (ILockable to in wanted.Locks)
                    graph.Learn(from, outer.Site, to, wanted.Site);
            }
        }

        for (int i = 1; i < wanted.Locks.Count; i++)
        {
            if (!ReferenceEquals(wanted.Locks[i - 1].Level, wanted.Locks[i].Level)) // within a set, one level is ordered by name
                graph.Learn(wanted.Locks[i - 1], wanted.Site, wanted.Locks[i], wanted.Site);
        }
    }

    private void Learn(ILockable from, CallSite fromSite, ILockable to, CallSite toSite)
    {
        (string, string) key = (NameOf(from), NameOf(to));
        if (!_edges.ContainsKey(key))
            Add(new LockOrderEdge(key.Item1, key.Item2, fromSite.ToString(), toSite.ToString()));
    }

    private static string NameOf(ILockable member) => member.Level is { } level ? level.ToString() : member.Name;

    private void Add(LockOrderEdge edge)
    {
        lock (_gate)
        {
            if (!_edges.TryAdd((edge.From, edge.To), edge))
                return;
            FindCyclesUnsynchronized([edge]);
        }
    }

    /// <summary>Extends a path that begins with the new edge by every edge that leads on, and records each way back to its beginning.</summary>
    private void FindCyclesUnsynchronized(List<LockOrderEdge> path)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        string at = path[^1].To;
        if (at == path[0].From)
        {
            if (_cycles.Count < MostCycles)
                _cycles.Add(new LockOrderCycle([.. path]));
            return;
        }

        if (path.Count >= LongestCycle || _cycles.Count >= MostCycles)
            return;
        foreach (LockOrderEdge next in _edges.Values)
        {
            if (next.From != at || path.Exists(step => step.From == next.From))
                continue; // each level once
            path.Add(next);
            FindCyclesUnsynchronized(path);
            path.RemoveAt(path.Count - 1);
        }
    }

    private sealed class Session : IDisposable
    {
        public void Dispose() => Volatile.Write(ref s_learning, null);
    }
}
