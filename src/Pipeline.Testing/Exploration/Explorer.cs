namespace Pipeline.Testing;

/// <summary>Finds a schedule under which a program fails, shrinks it, and proves that no smaller one fails; or proves that none fails up to a bound.</summary>
/// <remarks>
/// Steps are interleaved as wholes (sequential consistency). Reordering by compilers and processors is outside of what is explored.
/// Before every exploration two programs that must fail are run; if they pass, <see cref="ExplorerBlindException"/> is thrown.
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class Explorer
{
    // A property test shrinks in many small steps; proving the minimum of an unshrunk schedule at each of them would take long.
    private const int MostToCertify = 2;

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
        program.CheckCanaries(_options);
        SearchOutcome outcome = CheckRepetition(program) ?? strategy.Search(program, _options);
        Counterexample? counterexample = outcome.Failing is null ? null : Minimize(program, outcome.Failing);
        return new ExplorationReport(
            program.Name, $"{strategy}", counterexample, outcome.Schedules, outcome.Pruned, outcome.IsComplete, outcome.Coverage)
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
        TraceBuilder trace = new();
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
        if (parsed.Layout != program.Layout)
            throw new ReplayMismatchException(program.Name, parsed.Layout, program.Layout);
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

    /// <summary>Runs a program under a schedule that something else shrinks, and certifies the failure once it is small.</summary>
    internal Counterexample? Judge(ExplorableProgram program, Schedule schedule)
    {
        program.CheckCanaries(_options);
        RunRecord record = Runner.Run(program, new ScheduleDecider(schedule), _options.StepLimit);
        if (record.Failure is null)
            return null;
        return record.Schedule.Cost <= MostToCertify ? Describe(program, ScheduleReduction.Certify(program, record, _options))
            : Describe(program, (record, new Certificate(false, "not shrunk yet", 0)));
    }

    // Everything below is said of schedules, so two runs under one schedule must be one run.
    private SearchOutcome? CheckRepetition(ExplorableProgram program)
    {
        Trace first = Run(program, Schedule.Empty);
        RunFailure? failure = first.Failure;
        if (failure?.Kind != FailureKind.Uncontrolled)
        {
            failure = Nondeterminism.Compare(first, Run(program, Schedule.Empty));
            if (failure is null)
                return null;
        }

        return new SearchOutcome(
            new RunRecord(Schedule.Empty, failure, first.Steps.Count, Abandoned: false), 0, 0, false,
            "found before the search, in the run without preemptions");
    }

    private Counterexample Minimize(ExplorableProgram program, RunRecord found)
    {
        if (!_options.Shrink)
            return Describe(program, (found, new Certificate(false, "not shrunk", 0)));
        RunRecord smallest = ScheduleReduction.Shrink(program, found, _options);
        return Describe(program, ScheduleReduction.Certify(program, smallest, _options)) with
        {
            CostAsFound = found.Schedule.Cost,
            CostAfterShrinking = smallest.Schedule.Cost,
        };
    }

    private Counterexample Describe(ExplorableProgram program, (RunRecord Run, Certificate Certificate) result)
    {
        Trace trace = Run(program, result.Run.Schedule);
        RunFailure found = result.Run.Failure!;
        RunFailure failure = found.Kind == FailureKind.Nondeterministic ? found : trace.Failure ?? Nondeterminism.PassedAgain(found);
        Certificate certificate = failure.Kind == FailureKind.Nondeterministic ? ScheduleReduction.NotDecidedByTheSchedule
            : result.Certificate;
        return new Counterexample(
            result.Run.Schedule, failure, trace with { Failure = failure }, new ReplayString(program.Layout, result.Run.Schedule),
            certificate);
    }
}
