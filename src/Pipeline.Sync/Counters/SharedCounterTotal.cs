namespace Pipeline.Sync;

/// <summary>One counter of a counter file and its total.</summary>
/// <param name="Definition">Its name, unit and kind.</param>
/// <param name="ApproximateTotal">The sum over all places, read one after the other.</param>
public sealed record SharedCounterTotal(CounterDefinition Definition, long ApproximateTotal);
