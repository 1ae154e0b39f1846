using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pipeline.Cli;

/// <summary><c>pipeline process</c>: runs the photo job over the user's photos.</summary>
internal static class ProcessCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliEnvironment environment)
    {
        Argument<string[]> inputs = new("INPUT")
        {
            Description = "Photos: files, folders (with all their folders), or patterns such as 'photos/**/*.nef'.",
            Arity = ArgumentArity.OneOrMore,
        };
        // An argument takes any word, so a mistyped option would become a file that does not exist.
        inputs.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(token => token.Value.StartsWith('-') && !Path.Exists(token.Value)))
                result.AddError($"'{token.Value}' is no option of process, and no file or folder.");
        });
        ProcessOptions options = new();
        Command command = new("process", "Process photos: RAW, JPEG, PNG, TIFF and WebP, told apart by content.") { inputs };
        options.AddTo(command);
        command.SetAction((result, _) =>
            new PhotoJobRunner(options.Read(result), environment).RunAsync(result.GetRequiredValue(inputs)));
        return command;
    }
}
