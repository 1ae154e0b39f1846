namespace Pipeline.Core;

/// <summary>The end of one branch of a join: puts each result into its item's slot as soon as it is handed on.</summary>
internal sealed class JoinInput<T>(RunEngine run, string name, Hop<T> input, JoinMeeting meeting, Action<JoinSlot, T> put) : EngineNode(run, name, workers: 0)
{
    public override bool IsCounted => false;

    public override int Waiting => 0;

    public override int PeakWaiting => 0;

    public override bool IsComplete => input.IsDone;

    public override double ExpectedCost => 0;

    public override bool CanStart(long now) => false;

    public override NodeWorker Begin(long now) => throw new InvalidOperationException("The end of a branch has no worker.");

    public override void OnInputChanged(long now)
    {
        while (input.Ready > 0)
        {
            T value = default!;
            Ticket? ticket = null;
            input.Take(new Span<T>(ref value), new Span<Ticket?>(ref ticket));
            PartTicket part = (PartTicket)ticket!;
            put(part.Slot!, value);
            meeting.OnArrived(part, now);
        }
    }

    public override void DrainTo(ICollection<object> values) => input.DrainTo(values);

    public override ValueTask DisposeWorkersAsync() => ValueTask.CompletedTask;
}
