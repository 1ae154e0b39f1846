namespace Pipeline.Testing;

/// <summary>A switch away from a participant that could have gone on.</summary>
/// <param name="Step">The step before which the switch happens: the number of steps executed so far, 0 or more.</param>
/// <param name="Target">
/// Which of the other participants that can run goes on, counted in ring order from the one after the current (0 is the next).
/// Any value of 0 or more is valid; it is taken modulo the number of candidates.
/// </param>
public readonly record struct Preemption(int Step, int Target);
