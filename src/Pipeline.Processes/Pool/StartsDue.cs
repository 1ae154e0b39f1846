namespace Pipeline.Processes;

/// <summary>How many workers are to be started.</summary>
/// <param name="Count">Workers to start now.</param>
/// <param name="Delay">How long no worker is started, because too many died; zero otherwise.</param>
/// <param name="IsUrgent">Whether they may use a second processor for their start.</param>
internal readonly record struct StartsDue(int Count, TimeSpan Delay, bool IsUrgent);
