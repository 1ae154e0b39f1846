using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>
/// Decides for the calls of one function whether the code that waits for a result runs on the thread that reads the connection. That saves waking another
/// thread, which is about half of the time of a short call that is alone. Worth it where handlers are short and the code that waits comes back soon.
/// </summary>
/// <remarks>
/// Fields are hints, read and written by many threads without a lock: a lost update costs one decision. Safety does not depend on them, because
/// <see cref="ReaderWatch"/> has another thread read on when the caller's code does not come back.
/// </remarks>
internal sealed class InlineContinuations
{
    private const float ShortHandlerMicroseconds = 100;
    private static readonly TimeSpan s_shortContinuation = TimeSpan.FromMicroseconds(100);

    [ThreadStatic]
    private static bool s_hasCalled;

    private bool _handlersAreShort;
    private BackOff _backOff;

    /// <summary>This thread is about to run the code that waits for a result.</summary>
    public static void ForgetCalls() => s_hasCalled = false;

    /// <summary>This thread makes a call.</summary>
    public static void NoteCall() => s_hasCalled = true;

    /// <summary>Tells whether the next call should try.</summary>
    public bool ShouldTry() => _handlersAreShort && _backOff.ShouldTry();

    /// <summary>Learns how long the handler of a call ran.</summary>
    public void NoteHandler(float microseconds) => _handlersAreShort = microseconds < ShortHandlerMicroseconds;

    /// <summary>Learns how long the code that had waited kept the reading thread. Code that is always slow is tried ever more rarely.</summary>
    public void NoteContinuation(long started)
    {
        if (Stopwatch.GetElapsedTime(started) >= s_shortContinuation)
            _backOff.Note(paid: false);
        else if (s_hasCalled)
            _backOff.Note(paid: true);
        else
            _backOff.NoteUnknown(); // perhaps no code waited yet and nothing ran; that is frequent when callers lose their processor
    }
}
