namespace Pipeline.Cli;

/// <summary>Shows lines of text and no progress.</summary>
/// <param name="writer">Where the lines go.</param>
internal sealed class NoProgress(TextWriter writer) : IProgressDisplay
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Say(string line)
    {
        lock (_gate)
            writer.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Report(RunProgress value)
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
