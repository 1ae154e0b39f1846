namespace Pipeline.Cli;

/// <summary>Counts Ctrl+C and SIGTERM: the first asks for a graceful stop, the second for a stop at once.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private int _signals; // Interlocked only

    /// <summary>Gets a token that is canceled at the first signal: take nothing new, finish what is under way.</summary>
    public CancellationToken DrainRequested => _drain.Token;

    /// <summary>Gets a token that is canceled at the second signal: stop now.</summary>
    public CancellationToken AbortRequested => _abort.Token;

    /// <summary>Records one signal.</summary>
    /// <returns>How many there have been, this one included.</returns>
    public int Signal()
    {
        int signals = Interlocked.Increment(ref _signals);
        if (signals == 1)
            _drain.Cancel();
        else if (signals == 2)
            _abort.Cancel();
        return signals;
    }

    public void Dispose()
    {
        _drain.Dispose();
        _abort.Dispose();
    }
}
