namespace Pipeline.Processes;

/// <summary>What a <see cref="WorkerWarmUp"/> sends to itself: of the shape that requests usually have.</summary>
internal sealed record WarmUpSample(string Text, int Number = 0);
