namespace Pipeline.Lab;

/// <summary>The lessons, in teaching order. Thread-safe.</summary>
public static class LessonCatalog
{
    /// <summary>Gets all lessons, L1 to L12.</summary>
    public static IReadOnlyList<Lesson> All { get; } =
    [
        L01LostUpdate.Create(), L02CheckThenAct.Create(), L03OppositeOrder.Create(), L04MutualExclusion.Create(),
        L05HoldAndWait.Create(), L06NoPreemption.Create(), L07CircularWait.Create(), L08Philosophers.Create(),
        L09LostPermit.Create(), L10TornPair.Create(), L11DoubleCharge.Create(), L12StaleAcrossAwait.Create(),
    ];

    /// <summary>Finds a lesson.</summary>
    /// <param name="idOrName">The number (<c>L3</c>, <c>3</c>) or the name (<c>opposite-order</c>), in any case.</param>
    /// <returns>The lesson, or null when there is none.</returns>
    public static Lesson? Find(string idOrName) => All.FirstOrDefault(l =>
        l.Id.Equals(idOrName, StringComparison.OrdinalIgnoreCase)
        || l.Name.Equals(idOrName, StringComparison.OrdinalIgnoreCase)
        || l.Id[1..] == idOrName);
}
