using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline licenses</c>: looks at licenses.</summary>
internal static class LicensesCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Argument<string> folder = new("DIR") { Description = "The folder that --license-dir named." };
        Command show = new(
            "show",
            "Print who holds and who waits for licenses, since when and where, and any circular wait. Works while everything else is "
                + "stuck.") { folder };
        show.SetAction(async (result, _) =>
        {
            string root = result.GetRequiredValue(folder);
            if (!Directory.Exists(root))
                throw new UsageException($"There is no folder '{root}'. Give the folder that --license-dir named.");
            IReadOnlyList<string> names = CrossProcessSemaphore.List(root);
            if (names.Count == 0)
                throw new UsageException($"There are no licenses in '{root}'. Give the folder that --license-dir named.");
            foreach (string name in names)
                await environment.Out.WriteLineAsync(CrossProcessSemaphore.Describe(root, name).ToString()).ConfigureAwait(false);
            WaitForGraph graph = WaitForGraph.Capture(root);
            if (graph.IsDeadlocked)
                await environment.Out.WriteLineAsync(graph.Explain()).ConfigureAwait(false);
            return graph.IsDeadlocked ? ExitCodes.SomeFailed : ExitCodes.AllDone;
        });
        return new Command("licenses", "Look at licenses that processes share.") { show };
    }
}
