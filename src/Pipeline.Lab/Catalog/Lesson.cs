namespace Pipeline.Lab;

/// <summary>One lesson on a race or a deadlock: a program that fails, a question to answer first, a repair, and what the explorer says about both.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record Lesson
{
    /// <summary>Gets the number, <c>L1</c> to <c>L12</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name for the command line, for example <c>lost-update</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the title.</summary>
    public required string Title { get; init; }

    /// <summary>Gets what the program is meant to do, and what worries about it.</summary>
    public required string Problem { get; init; }

    /// <summary>Gets the code that fails, as the learner sees it: the very lines that the explorer runs.</summary>
    public required string BrokenCode { get; init; }

    /// <summary>Gets the question to answer before the run.</summary>
    public required Prediction Prediction { get; init; }

    /// <summary>Gets a hint towards the repair.</summary>
    public required string Hint { get; init; }

    /// <summary>Gets the idea of the repair.</summary>
    public required string Fix { get; init; }

    /// <summary>Gets the repaired code: the very lines that the explorer runs.</summary>
    public required string FixedCode { get; init; }

    /// <summary>Gets the program that fails.</summary>
    public required ModelProgram Broken { get; init; }

    /// <summary>Gets the repaired program.</summary>
    public required ModelProgram Repaired { get; init; }

    /// <summary>Gets the smallest failing run as text, which every run must reproduce.</summary>
    public required string ExpectedTrace { get; init; }

    /// <summary>Gets how many preemptions and crashes together the proof of the repair covers.</summary>
    /// <value>Default 2.</value>
    public int ProofBound { get; init; } = 2;

    /// <summary>Runs the lesson: finds, shrinks and certifies the failure, then proves the repair up to the bound.</summary>
    /// <param name="explorer">The explorer; null for one with default limits.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ExplorerBlindException">A program that must fail did not.</exception>
    public LessonRun Run(Explorer? explorer = null)
    {
        explorer ??= new Explorer();
        return new LessonRun(
            this, explorer.Explore(Broken, SearchStrategy.Exhaustive(4)), explorer.Explore(
                Repaired, SearchStrategy.Exhaustive(ProofBound)));
    }
}
