namespace Pipeline.Testing;

/// <summary>How the explorer looks for a failing schedule.</summary>
/// <remarks>Immutable and thread-safe. The same strategy on the same program tries the same schedules in the same order.</remarks>
public abstract record SearchStrategy
{
    private protected SearchStrategy()
    {
    }

    /// <summary>Tries every schedule with 0 preemptions and crashes, then every one with up to 1, and so on up to the bound.</summary>
    /// <param name="bound">The greatest number of preemptions and crashes together; 0 or more, default 2.</param>
    /// <returns>The strategy. Small bounds find most bugs (Musuvathi and Qadeer, "Iterative Context Bounding", PLDI 2007).</returns>
    public static SearchStrategy Exhaustive(int bound = 2) => new ExhaustiveStrategy(bound);

    /// <summary>Gets the strategy that tries every schedule without a bound, one of each class of equivalent ones (sleep sets).</summary>
    /// <value>For small programs. A program with a loop that may spin for ever has no end of schedules; the limit then stops the search.</value>
    public static SearchStrategy EverySchedule { get; } = new CompleteStrategy();

    /// <summary>Gives participants random priorities that change at random steps (Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of
    /// Finding Bugs", ASPLOS 2010).</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="runs">How many schedules to try; 1 or more, default 1,000.</param>
    /// <param name="depth">How many ordering constraints a bug may need; 1 or more, default 2: one more than the number of priority changes.</param>
    /// <returns>The strategy. The report states the probability that it guarantees.</returns>
    public static SearchStrategy Pct(int seed, int runs = 1_000, int depth = 2) => new PctStrategy(seed, runs, depth);

    /// <summary>Chooses at every step uniformly among the participants that can run.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="runs">How many schedules to try; 1 or more, default 1,000.</param>
    /// <returns>The strategy. It guarantees nothing; it is the baseline.</returns>
    public static SearchStrategy Random(int seed, int runs = 1_000) => new RandomStrategy(seed, runs);

    internal abstract SearchOutcome Search(ExplorableProgram program, ExplorerOptions options);
}
