using Microsoft.Extensions.Options;

namespace Pipeline.Hosting;

/// <summary>Checks the options of one pipeline, when the host starts.</summary>
internal sealed class HostedPipelineOptionsValidator(string pipelineName) : IValidateOptions<HostedPipelineOptions>
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, HostedPipelineOptions options)
    {
        if (name != pipelineName)
            return ValidateOptionsResult.Skip;
        List<string> problems = [];
        try
        {
            options.Run.Validate();
        }
        catch (ArgumentException error)
        {
            problems.Add($"Pipeline '{name}': {error.Message}");
        }

        if (options.ReadinessDelay < TimeSpan.Zero || options.ReadinessDelay > s_longest)
            problems.Add($"Pipeline '{name}' was given a readiness delay of {options.ReadinessDelay}. ReadinessDelay must be 0 to 10 "
                + $"minutes. Set HostedPipelineOptions.ReadinessDelay.");
        if (options.AbortTimeout < TimeSpan.Zero || options.AbortTimeout > s_longest)
            problems.Add($"Pipeline '{name}' was given an abort time-out of {options.AbortTimeout}. AbortTimeout must be 0 to 10 "
                + $"minutes. Set HostedPipelineOptions.AbortTimeout.");
        if (options.FailureExitCode is < 1 or > 255)
            problems.Add($"Pipeline '{name}' was given exit code {options.FailureExitCode} for failures. FailureExitCode must be 1 to "
                + $"255, because 0 says that all is well. Set HostedPipelineOptions.FailureExitCode.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
