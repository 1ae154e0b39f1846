namespace Pipeline.Processes;

/// <summary>How a worker process ended.</summary>
/// <param name="ExitCode">The exit code; null when a signal ended it.</param>
/// <param name="Signal">The signal's number; null when it exited.</param>
internal readonly record struct WorkerExit(int? ExitCode, int? Signal)
{
    public string Describe() => Signal is { } signal
        ? $"ended by signal {signal} ({NameOf(signal)})"
        : $"exited with code {ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}";

    /// <summary>Decodes the status of <c>waitpid</c>.</summary>
    public static WorkerExit FromWaitStatus(int status) =>
        (status & 0x7f) == 0 ? new WorkerExit((status >> 8) & 0xff, null) : new WorkerExit(null, status & 0x7f);

    private static string NameOf(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        31 => "SIGSYS",
        _ => "unnamed",
    };
}
