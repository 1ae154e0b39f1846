namespace Pipeline.Testing;

/// <summary>What a participant over real code does; <paramref name="OnKill"/> is null when it never crashes.</summary>
internal sealed record ControlledBody(string Name, Func<int, Task> Run, Action? OnKill, int Restarts);
