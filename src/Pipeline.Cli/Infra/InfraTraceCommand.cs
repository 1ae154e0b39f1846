using System.CommandLine;
using System.Globalization;
using System.Text;
using Pipeline.Infra;

namespace Pipeline.Cli;

/// <summary><c>pipeline infra trace</c>: tells the journey of one request, there and back.</summary>
internal static class InfraTraceCommand
{
    internal static Command Create(CliEnvironment environment)
    {
        Argument<string[]> templates = new("TEMPLATE") { Description = "CloudFormation templates that are deployed together.", Arity = ArgumentArity.OneOrMore };
        InfraOptions options = new();
        Option<string> from = new("--from") { HelpName = "X", Description = "A tier of the claims, a resource, or internet.", Required = true };
        Option<string> to = new("--to") { HelpName = "Y", Description = "A tier of the claims, a resource, a service or internet.", Required = true };
        Option<int?> port = new("--port") { HelpName = "N", Description = "The TCP port; without it one that works." };
        Option<string?> name = new("--name") { HelpName = "NAME", Description = "The name that a user types, to begin with its record." };
        Command command = new Command("trace", "Tell the journey of one request there and back, or every rule that stops it.") { templates, from, to, port, name };
        options.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            if (result.GetValue(port) is < 0 or > 65535)
                throw new UsageException($"--port: '{result.GetValue(port)}' is out of range. Give a number of 0 to 65535.");
            ClaimSet? claims = options.ReadClaims(result);
            InfraTemplate template = options.ReadTemplates(result, result.GetRequiredValue(templates), claims);
            Verdict verdict = InfraOptions.Guard(() => PacketTracer.Trace(template, result.GetRequiredValue(from), result.GetRequiredValue(to), result.GetValue(port), claims, result.GetValue(name)));
            StringBuilder text = new();
            int number = 0;
            bool isBack = false;
            foreach (VerdictStep step in verdict.Steps)
            {
                if (step.IsReply && !isBack && verdict.Answer == Answer.Proved)
                    text.AppendLine("and back:");
                isBack = step.IsReply;
                text.Append(CultureInfo.InvariantCulture, $"{++number,3}. {step.Text}{(step.Code.Length == 0 ? "" : $" [{step.Code}]")} ({step.At})\n");
            }

            foreach (Gap gap in verdict.Gaps)
                text.Append(CultureInfo.InvariantCulture, $"missing: {gap}\n");
            text.Append(CultureInfo.InvariantCulture, $"{verdict.Summary}\n");
            await environment.Out.WriteAsync(text.ToString()).ConfigureAwait(false);
            return verdict.Answer switch { Answer.Proved => InfraCommand.AllProved, Answer.CannotTell => InfraCommand.CannotTell, _ => InfraCommand.Refuted };
        });
        return command;
    }
}
