using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline lab race</c>: the race of L1 on real threads, beside what the explorer is certain of.</summary>
internal static class RaceCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Option<int> threads =
            new("--threads") { Description = "Threads, 1 to 64.", HelpName = "N", DefaultValueFactory = _ => 2 };
        Option<int> increments = new("--increments")
        {
            Description = "Increments of each thread, 1 to 100,000,000.",
            HelpName = "M",
            DefaultValueFactory = _ => 1_000_000
        };
        Command command = new(
            "race", "Run total += 1 on real threads and show the loss beside the explorer's certainty.") { threads, increments };
        command.SetAction((result, _) => RunAsync(result.GetValue(threads), result.GetValue(increments), environment));
        return command;
    }

    private static async Task<int> RunAsync(int threads, int increments, CliEnvironment environment)
    {
        if (threads is < 1 or > 64)
            throw new UsageException($"--threads is {threads}. It must be 1 to 64.");
        if (increments is < 1 or > 100_000_000)
            throw new UsageException($"--increments is {increments}. It must be 1 to 100,000,000.");
        TextWriter output = environment.Out;
        await output.WriteLineAsync($"On real threads: {threads} x {increments:#,0} increments, {Environment.ProcessorCount} processors")
            .ConfigureAwait(false);
        await output.WriteLineAsync(Describe("total += 1", RaceExperiment.Run(new RacyCounter(), threads, increments)))
            .ConfigureAwait(false);
        await output.WriteLineAsync(Describe("Interlocked.Increment", RaceExperiment.Run(new InterlockedCounter(), threads, increments)))
            .ConfigureAwait(false);
        await output.WriteLineAsync("Run it again: the loss is another one each time, and can be 0. A green run on real threads proves "
            + "nothing.\n").ConfigureAwait(false);

        LessonRun lesson = LessonCatalog.Find("L1")!.Run();
        await output.WriteLineAsync("In the explorer: 2 workers x 1 increment of the same line").ConfigureAwait(false);
        await output.WriteLineAsync($"{lesson.FailureText}\nrepaired: {lesson.ProofText}").ConfigureAwait(false);
        return lesson.Holds ? ExitCodes.AllDone : ExitCodes.SomeFailed;
    }

    private static string Describe(string name, RaceExperiment race) =>
        $"  {name,-22} {race.Total,13:#,0} of {race.Expected,-13:#,0} {race.Lost,12:#,0} lost "
            + $"({(double)race.Lost / race.Expected,7:0.00%})  {race.Elapsed.TotalMilliseconds,8:0.0} ms";
}
