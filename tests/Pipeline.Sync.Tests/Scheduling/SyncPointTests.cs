using Pipeline.Lab;
namespace Pipeline.Sync.Tests.Scheduling;

public sealed class SyncPointTests
{
    [Fact]
    public void Before_NotAttached_DoesNothing()
    {
        SyncPoint.Before(SyncPointKind.Write, this);
        Assert.Null(SyncPoint.Current);
        Assert.False(SyncPoint.IsControlled);
        Assert.False(SyncPoint.WaitUntil(SyncPointKind.Acquire, this, () => true));
    }

    [Fact]
    public void Attach_InsideAScope_RoutesStepsToTheParticipantAndRestoresTheFormer()
    {
        Recorder outer = new();
        Recorder inner = new();
        RacyCounter counter = new();
        using (SyncPoint.Attach(outer))
        {
            using (SyncPoint.Attach(inner))
                counter.Increment();
            Assert.Same(outer, SyncPoint.Current);
            _ = counter.ApproximateTotal;
        }

        Assert.Null(SyncPoint.Current);
        Assert.Equal([(SyncPointKind.Read, (object)counter), (SyncPointKind.Write, counter)], inner.Steps);
        Assert.Equal([(SyncPointKind.Read, (object)counter)], outer.Steps);
    }

    [Fact]
    public async Task Attach_ContinuationOnAnotherThread_IsStillAttributed()
    {
        Recorder participant = new();
        InterlockedCounter counter = new();
        using (SyncPoint.Attach(participant))
        {
            await Task.Yield();
            counter.Increment();
        }

        Assert.Equal([(SyncPointKind.Update, (object)counter)], participant.Steps);
    }

    [Fact]
    public void RacyCounter_SecondParticipantBetweenReadAndWrite_LosesItsAddition()
    {
        RacyCounter counter = new();
        Recorder participant = new();
        participant.OnStep = kind =>
        {
            if (kind != SyncPointKind.Write)
                return;
            participant.OnStep = null;
            counter.Increment(); // another thread's whole increment, placed between this one's read and write
        };
        using (SyncPoint.Attach(participant))
            counter.Increment();
        Assert.Equal(1, counter.ApproximateTotal);
    }

    [Fact]
    public void InterlockedCounter_SecondParticipantAtEveryStep_LosesNothing()
    {
        InterlockedCounter counter = new();
        Recorder participant = new();
        participant.OnStep = _ =>
        {
            Action<SyncPointKind>? again = participant.OnStep;
            participant.OnStep = null;
            counter.Increment();
            participant.OnStep = again;
        };
        using (SyncPoint.Attach(participant))
            counter.Increment();
        Assert.Equal(2, counter.ApproximateTotal);
    }

    private sealed class Recorder : ISyncParticipant
    {
        public List<(SyncPointKind Kind, object Resource)> Steps { get; } = [];

        public Action<SyncPointKind>? OnStep { get; set; }

        public void Before(SyncPointKind kind, object resource)
        {
            Steps.Add((kind, resource));
            OnStep?.Invoke(kind);
        }

        public void WaitUntil(SyncPointKind kind, object resource, Func<bool> isReady) =>
            Assert.Fail("Nothing in these tests waits.");
    }
}
