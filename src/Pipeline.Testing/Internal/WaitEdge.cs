namespace Pipeline.Testing.Internal;

/// <summary>A participant that waits for a resource, and the participants that hold it.</summary>
internal sealed record WaitEdge(int Waiter, string Resource, IReadOnlyList<int> Holders);
