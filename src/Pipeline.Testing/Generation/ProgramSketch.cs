namespace Pipeline.Testing;

/// <summary>A program as data: what each participant does, with counters and nested locks. It can be generated and shrunk.</summary>
/// <param name="Participants">The operations of each participant.</param>
/// <remarks>Immutable. The rule of every sketch: each counter ends at the number of its increments, and no participant is stuck.</remarks>
public sealed record ProgramSketch(IReadOnlyList<IReadOnlyList<SketchOperation>> Participants)
{
    /// <summary>Gets the number of operations of all participants; a lock counts as one and its body counts too.</summary>
    public int OperationCount => Participants.Sum(p => p.Sum(Count));

    /// <summary>Makes a program of the sketch.</summary>
    /// <returns>A program with counters <c>c0, c1, ...</c> and locks <c>l0, l1, ...</c>.</returns>
    public ModelProgram ToProgram() => new("sketch", world =>
    {
        SketchOperation[] all = [.. Participants.SelectMany(p => p.SelectMany(Flatten))];
        ModelVariable<int>[] counters =
            [.. Enumerable.Range(0, 1 + all.Select(Counter).Append(-1).Max()).Select(i => world.Variable($"c{i}", 0))];
        ModelLock[] locks = [.. Enumerable.Range(0, 1 + all.Select(LockIndex).Append(-1).Max()).Select(i => world.Lock($"l{i}"))];
        foreach (IReadOnlyList<SketchOperation> operations in Participants)
            world.Participant(() => Perform(operations, counters, locks));
        foreach ((int index, ModelVariable<int> counter) in counters.Index())
        {
            int expected = all.Count(o => Counter(o) == index);
            world.AtEnd($"{counter.Name} is {expected}", () => counter.Value == expected, () => $"it is {counter.Value}");
        }
    });

    /// <summary>Writes one line for each participant.</summary>
    /// <returns>Lines separated by <c>\n</c>.</returns>
    public override string ToString() => string.Join('\n', Participants.Select((p, i) => $"{(char)('A' + i)}: {string.Join("; ", p)}"));

    private static async Task Perform(IReadOnlyList<SketchOperation> operations, ModelVariable<int>[] counters, ModelLock[] locks)
    {
        foreach (SketchOperation operation in operations)
        {
            switch (operation)
            {
                case SketchOperation.Increment increment:
                    int seen = await counters[increment.Counter].Read();
                    await counters[increment.Counter].Write(seen + 1);
                    break;
                case SketchOperation.AtomicIncrement increment:
                    await counters[increment.Counter].Update(x => x + 1, "add 1 to");
                    break;
                case SketchOperation.WithLock scope:
                    await locks[scope.Lock].Acquire();
                    await Perform(scope.Body, counters, locks).ConfigureAwait(false);
                    await locks[scope.Lock].Release();
                    break;
            }
        }
    }

    private static int Counter(SketchOperation operation) => operation switch
    {
        SketchOperation.Increment increment => increment.Counter,
        SketchOperation.AtomicIncrement increment => increment.Counter,
        _ => -1,
    };

    private static int LockIndex(SketchOperation operation) => operation is SketchOperation.WithLock scope ? scope.Lock : -1;

    private static int Count(SketchOperation operation) => 1 + (operation is SketchOperation.WithLock scope ? scope.Body.Sum(Count) : 0);

    private static IEnumerable<SketchOperation> Flatten(SketchOperation operation) =>
        operation is SketchOperation.WithLock scope ? scope.Body.SelectMany(Flatten).Prepend(operation) : [operation];
}
