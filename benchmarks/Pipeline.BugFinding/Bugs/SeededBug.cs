namespace Pipeline.BugFinding.Bugs;

/// <summary>A program with one known defect.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Create">Makes a fresh instance.</param>
/// <param name="Hangs">Whether the defect shows as a hang; a tool that runs free threads then needs a time limit.</param>
/// <param name="PctDepth">How many ordering constraints the defect needs.</param>
internal sealed record SeededBug(string Name, Func<BugRun> Create, bool Hangs = false, int PctDepth = 2);
