using Pipeline.Core;
using Pipeline.Processes;

namespace Pipeline.Processes.Benchmarks;

/// <summary>The program that the workers of some benchmarks run: this one, or with <c>--worker=PATH</c> the same one published in another way, natively for example.</summary>
internal static class WorkerProgram
{
    private const string Option = "--worker=";

    private static readonly string? Path =
        Environment.GetCommandLineArgs().FirstOrDefault(argument => argument.StartsWith(Option, StringComparison.Ordinal))?[Option.Length..];

    internal static WorkerLaunch Launch => Path is null ? WorkerLaunch.ThisApplication() : WorkerLaunch.Program(System.IO.Path.GetFullPath(Path));

    internal static string Description => Path is null ? string.Empty : $", workers run {Path}";
}
