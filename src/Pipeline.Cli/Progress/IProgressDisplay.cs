namespace Pipeline.Cli;

/// <summary>Shows how far a run is. Disposing it leaves the screen as text that the summary can follow.</summary>
internal interface IProgressDisplay : IProgress<RunProgress>, IAsyncDisposable
{
    /// <summary>Shows a line of text without disturbing the progress. Callable from any thread.</summary>
    void Say(string line);
}
