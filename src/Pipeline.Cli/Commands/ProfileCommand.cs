using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline profile</c>: says what limits the photo job and what more workers would give.</summary>
internal static class ProfileCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Argument<string[]> inputs = new("INPUT")
        {
            Description = "Photos to run the job on: files, folders or patterns. Not with --from.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        ProfileOptions options = new();
        Command command = new(
            "profile",
            "Run the photo job with several worker counts, or read measured points, and say what limits it and what more workers would "
                + "give.") { inputs };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            bool hasInputs = result.GetResult(inputs) is { Tokens.Count: > 0 };
            bool hasPoints =
                result.Children.Any(child => child is System.CommandLine.Parsing.OptionResult { Option.Name: "--from", Implicit: false });
            if (hasInputs == hasPoints)
                result.AddError(hasInputs
                    ? "Give photos or --from, not both."
                    : "There is nothing to profile. Give photos, or --from FILE.csv with measured points.");
        });
        command.SetAction((result, _) =>
        {
            string folder = Path.Combine(Path.GetTempPath(), $"pipeline-profile-{Guid.NewGuid():N}");
            return new ProfileRunner(options.Read(result, folder), environment).RunAsync(result.GetValue(inputs) ?? []);
        });
        return command;
    }
}
