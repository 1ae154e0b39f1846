using System.Diagnostics;
using Pipeline.BugFinding.Bugs;
using Pipeline.Testing;

namespace Pipeline.BugFinding;

/// <summary>The explorer on the same code.</summary>
internal static class Exploring
{
    public static ControlledProgram Program(SeededBug bug) => new(bug.Name, world =>
    {
        BugRun run = bug.Create();
        for (int i = 0; i < run.Participants.Length; i++)
            world.Participant($"P{i}", run.Participants[i]);
        world.AtEnd("the rule holds", run.Holds);
    });

    public static (Finding Finding, Counterexample? Counterexample) Hunt(SeededBug bug, SearchStrategy strategy)
    {
        ControlledProgram program = Program(bug);
        Explorer search = new(new ExplorerOptions { Shrink = false });
        long began = Stopwatch.GetTimestamp();
        ExplorationReport report = search.Explore(program, strategy);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return (new Finding(!report.Passed, report.Schedules, seconds), report.Counterexample);
    }
}
