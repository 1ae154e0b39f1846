namespace Pipeline.Testing;

/// <summary>Checks a program under the schedule that a property test was given. Thread-safe.</summary>
public static class Interleaving
{
    private static readonly Explorer s_explorer = new(new ExplorerOptions { ScheduleLimit = 20_000 });

    /// <summary>Runs the program under the schedule and throws when it fails, with the run in columns.</summary>
    /// <param name="program">The program.</param>
    /// <param name="schedule">The schedule, in general from <see cref="InterleavingArbitraries"/>.</param>
    /// <exception cref="InterleavingFailedException">The program failed under the schedule.</exception>
    /// <exception cref="ExplorerBlindException">A program that must fail did not.</exception>
    public static void Check(ExplorableProgram program, Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(schedule);
        if (s_explorer.Judge(program, schedule) is { } counterexample)
            throw new InterleavingFailedException(program.Name, counterexample);
    }
}
