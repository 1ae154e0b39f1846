namespace Pipeline.Cli;

/// <summary>What a command may touch of the world around it, so that a test can run a command in its own process.</summary>
internal sealed class CliEnvironment
{
    /// <summary>Gets where results go: the summary, or the JSON document with <c>--json -</c>.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Gets where progress and errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Gets where answers come from.</summary>
    /// <value>Null when no user can answer: input or output is no terminal.</value>
    public TextReader? In { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Out"/> is a terminal, so that colors may be used.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Error"/> is a terminal, so that bars may be drawn.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Gets the signals of the user and the system.</summary>
    public required Interrupts Interrupts { get; init; }

    /// <summary>Gets the program that worker processes of a photo job run, relative to the folder of this one.</summary>
    public string WorkerProgram { get; init; } = "Pipeline.Cli.dll";

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
