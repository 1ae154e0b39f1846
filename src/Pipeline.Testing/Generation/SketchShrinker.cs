namespace Pipeline.Testing;

/// <summary>Lists the simpler programs to try next to a failing one: first without a participant, then without an operation, then without a lock.</summary>
/// <remarks>Thread-safe. Every candidate has fewer participants or operations, so shrinking ends.</remarks>
public static class SketchShrinker
{
    /// <summary>Lists the candidates, simplest first.</summary>
    /// <param name="sketch">The program that failed.</param>
    /// <returns>Smaller programs; evaluated when enumerated.</returns>
    public static IEnumerable<ProgramSketch> Shrink(ProgramSketch sketch)
    {
        ArgumentNullException.ThrowIfNull(sketch);
        IReadOnlyList<IReadOnlyList<SketchOperation>> all = sketch.Participants;
        for (int i = 0; i < all.Count && all.Count > 1; i++)
            yield return new ProgramSketch([.. all.Where((_, n) => n != i)]);
        for (int i = 0; i < all.Count; i++)
        {
            foreach (IReadOnlyList<SketchOperation> simpler in Shrink(all[i]))
                yield return new ProgramSketch([.. all.Select((p, n) => n == i ? simpler : p)]);
        }
    }

    private static IEnumerable<IReadOnlyList<SketchOperation>> Shrink(IReadOnlyList<SketchOperation> operations)
    {
        for (int i = 0; i < operations.Count; i++)
            yield return [.. operations.Where((_, n) => n != i)];
        for (int i = 0; i < operations.Count; i++)
        {
            if (operations[i] is not SketchOperation.WithLock scope)
                continue;
            yield return [.. operations.Take(i), .. scope.Body, .. operations.Skip(i + 1)];
            foreach (IReadOnlyList<SketchOperation> body in Shrink(scope.Body))
                yield return [.. operations.Take(i), scope with { Body = body }, .. operations.Skip(i + 1)];
        }
    }
}
