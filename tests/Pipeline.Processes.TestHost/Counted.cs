namespace Pipeline.Processes.TestHost;

/// <summary>A request that counts how often this process has read one.</summary>
public sealed record Counted
{
    private static int s_read;
    private static int s_handled;

    public Counted() => s_read++;

    public string Text { get; init; } = string.Empty;

    /// <summary>Answers with how many were read, and handled, in this process.</summary>
    public static Answer Handle(Counted request)
    {
        ArgumentNullException.ThrowIfNull(request);
        s_handled++;
        return new Answer($"{s_read} read, {s_handled} handled", Environment.ProcessId);
    }
}
