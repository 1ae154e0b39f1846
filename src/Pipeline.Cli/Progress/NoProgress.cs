namespace Pipeline.Cli;

/// <summary>Shows lines of text and no progress.</summary>
internal sealed class NoProgress(TextWriter writer) : IProgressDisplay
{
    private readonly Lock _gate = new();

    public void Say(string line)
    {
        lock (_gate)
            writer.WriteLine(line);
    }

    public void Report(RunProgress value)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
