namespace Pipeline.Cli;

/// <summary>What the process tells its caller. Documented in docs/reference/command-line.md.</summary>
internal static class ExitCodes
{
    /// <summary>All photos are done.</summary>
    public const int AllDone = 0;

    /// <summary>The run finished, but some photos failed; each is listed.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command was given wrongly; nothing was done.</summary>
    public const int WrongUsage = 2;

    /// <summary>The input holds nothing that could be processed.</summary>
    public const int NothingUsable = 3;

    /// <summary>A failure stopped the run.</summary>
    public const int Stopped = 4;

    /// <summary>The user or the system interrupted the run.</summary>
    public const int Interrupted = 130;
}
