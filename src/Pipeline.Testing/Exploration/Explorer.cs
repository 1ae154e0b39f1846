using Pipeline.Testing.Internal;

namespace Pipeline.Testing;

/// <summary>Finds a schedule under which a program fails, shrinks it, and proves that no smaller one fails; or proves that none fails up to a bound.</summary>
/// <remarks>
/// Steps are interleaved as wholes (sequential consistency). Reordering by compilers and processors is outside of what is explored.
/// Before every exploration two programs that must fail are run; if they pass, <see cref="ExplorerBlindException"/> is thrown.
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class Explorer
{
    private readonly ExplorerOptions _options;

    /// <summary>Creates an explorer.</summary>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1.</exception>
    public Explorer(ExplorerOptions? options = null)
    {
        _options = options ?? new ExplorerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.StepLimit, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.ScheduleLimit, 1, nameof(options));
    }

    /// <summary>Looks for a failing schedule, shrinks it and certifies it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="strategy">How to look; null for every schedule with at most 2 preemptions and crashes.</param>
    /// <returns>What was found and covered.</returns>
    /// <exception cref="ExplorerBlindException">A program that must fail did not.</exception>
    public ExplorationReport Explore(ExplorableProgram program, SearchStrategy? strategy = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        strategy ??= SearchStrategy.Exhaustive();
        Canaries.Check(_options.IsInstrumented);
        SearchOutcome outcome = strategy.Search(program, _options);
        Counterexample? counterexample = outcome.Failing is null ? null : Minimize(program, outcome.Failing);
        return new ExplorationReport(program.Name, $"{strategy}", counterexample, outcome.Schedules, outcome.Pruned, outcome.IsComplete, outcome.Coverage)
        {
            IsProof = counterexample is null && outcome.IsComplete && strategy is ExhaustiveStrategy or CompleteStrategy,
        };
    }

    /// <summary>Runs a program once, under a schedule.</summary>
    /// <param name="program">The program.</param>
    /// <param name="schedule">The schedule; every schedule is valid for every program.</param>
    /// <returns>The run, step by step.</returns>
    public Trace Run(ExplorableProgram program, Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(schedule);
        var trace = new TraceBuilder();
        _ = Runner.Run(program, new ScheduleDecider(schedule), _options.StepLimit, trace);
        return trace.ToTrace();
    }

    /// <summary>Repeats the run that a replay string names.</summary>
    /// <param name="program">The program that the string was recorded for.</param>
    /// <param name="replay">The text after <c>replay:</c> in a report.</param>
    /// <returns>The run, step by step; the same each time.</returns>
    /// <exception cref="FormatException">The text is no replay string of this version.</exception>
    /// <exception cref="ReplayMismatchException">The program has other scheduling points than when the string was recorded.</exception>
    public Trace Replay(ExplorableProgram program, string replay)
    {
        ArgumentNullException.ThrowIfNull(program);
        ReplayString parsed = ReplayString.Parse(replay);
        if (parsed.Layout != program.Layout) throw new ReplayMismatchException(program.Name, parsed.Layout, program.Layout);
        return Run(program, parsed.Schedule);
    }

    /// <summary>Shrinks a failing schedule and proves that no smaller one fails, or replaces it by the smaller one.</summary>
    /// <param name="program">The program.</param>
    /// <param name="schedule">A schedule under which it fails.</param>
    /// <returns>The smallest form; null when the program does not fail under the schedule.</returns>
    public Counterexample? Minimize(ExplorableProgram program, Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(schedule);
        RunRecord record = Runner.Run(program, new ScheduleDecider(schedule), _options.StepLimit);
        return record.Failure is null ? null : Minimize(program, record);
    }

    private Counterexample Minimize(ExplorableProgram program, RunRecord found)
    {
        RunRecord smallest = found;
        var certificate = new Certificate(false, "not shrunk", 0);
        if (_options.Shrink)
        {
            smallest = ScheduleReduction.Shrink(program, found, _options);
            (smallest, certificate) = ScheduleReduction.Certify(program, smallest, _options);
        }

        Trace trace = Run(program, smallest.Schedule);
        RunFailure failure = trace.Failure ?? smallest.Failure!;
        return new Counterexample(smallest.Schedule, failure, trace, new ReplayString(program.Layout, smallest.Schedule), certificate)
        {
            PreemptionsAsFound = found.Schedule.Preemptions.Length,
        };
    }
}
