namespace Pipeline.Processes.Benchmarks;

/// <summary>
/// The program that the workers of some benchmarks run: this one, or with <c>--worker=PATH</c> the same one published in another way, natively for example.
/// </summary>
internal static class WorkerProgram
{
    private const string Option = "--worker=";

    private static readonly string? s_path =
        Environment.GetCommandLineArgs()
            .FirstOrDefault(argument => argument.StartsWith(Option, StringComparison.Ordinal))?[Option.Length..];

    public static WorkerLaunch Launch => s_path is null
        ? WorkerLaunch.ThisApplication()
        : WorkerLaunch.Program(System.IO.Path.GetFullPath(s_path));

    public static string Description => s_path is null ? string.Empty : $", workers run {s_path}";
}
