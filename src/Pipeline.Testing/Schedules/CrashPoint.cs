namespace Pipeline.Testing;

/// <summary>The death of a participant, as SIGKILL would cause it: nothing of it runs afterwards, no <c>finally</c> either.</summary>
/// <param name="Step">The step before which it dies: the number of steps executed so far, 0 or more.</param>
/// <param name="Target">
/// Which of the living participants that may crash dies, counted in ring order from the current one (0 is the current one itself).
/// Any value of 0 or more is valid; it is taken modulo the number of candidates.
/// </param>
public readonly record struct CrashPoint(int Step, int Target);
