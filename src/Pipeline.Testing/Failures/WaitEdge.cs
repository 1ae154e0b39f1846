namespace Pipeline.Testing;

/// <summary>A participant that waits for a resource, and the participants that hold it.</summary>
/// <param name="Waiter">The index of the participant that waits.</param>
/// <param name="Resource">The name of the resource.</param>
/// <param name="Holders">The indexes of the participants that hold it.</param>
public sealed record WaitEdge(int Waiter, string Resource, IReadOnlyList<int> Holders);
