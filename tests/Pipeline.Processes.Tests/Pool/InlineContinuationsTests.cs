using System.Diagnostics;

namespace Pipeline.Processes.Tests;

/// <summary>What a pool learns about the code that continues after a call.</summary>
public sealed class InlineContinuationsTests
{
    private const long LongAgo = 0;

    private readonly InlineContinuations _learned = new();

    public InlineContinuationsTests() => _learned.NoteHandler(microseconds: 1);

    private static long Now => Stopwatch.GetTimestamp() + Stopwatch.Frequency; // so that no interruption makes it long ago

    [Fact]
    public void ShouldTry_SlowCodeAfterResultsThatNobodyWaitedFor_IsTriedRarely()
    {
        int slow = 0;
        for (int i = 0; i < 1000; i++)
        {
            if (!_learned.ShouldTry())
                continue;
            InlineContinuations.ForgetCalls();
            bool nothingRan = i % 2 == 0;
            slow += nothingRan ? 0 : 1;
            _learned.NoteContinuation(nothingRan ? Now : LongAgo);
        }

        Assert.InRange(slow, 1, 40);
    }

    [Fact]
    public void ShouldTry_CodeMadeTheNextCallSoon_EveryTime()
    {
        _learned.NoteContinuation(LongAgo);
        Assert.False(_learned.ShouldTry());
        InlineContinuations.ForgetCalls();
        InlineContinuations.NoteCall();
        _learned.NoteContinuation(Now);
        Assert.True(_learned.ShouldTry());
        Assert.True(_learned.ShouldTry());
    }

    [Fact]
    public void ShouldTry_CodeIsQuickButMakesNoCall_EveryTimeInTheEnd()
    {
        _learned.NoteContinuation(LongAgo);
        for (int i = 0; i < 100; i++)
        {
            InlineContinuations.ForgetCalls();
            if (_learned.ShouldTry())
                _learned.NoteContinuation(Now);
        }

        Assert.True(_learned.ShouldTry());
        Assert.True(_learned.ShouldTry());
    }
}
