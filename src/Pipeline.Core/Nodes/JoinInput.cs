namespace Pipeline.Core;

/// <summary>The end of one branch of a join: puts each result into its item's slot as soon as it is handed on. Runs nothing.</summary>
internal sealed class JoinInput<T>(Scheduler scheduler, string name, StageQueue<T> input, JoinPoint meetingPoint, Action<JoinSlot, T> put)
    : EngineNode<T>(scheduler, name, workers: 0, input)
{
    public override bool MakesTickets => true;
    public override int Waiting => 0;
    public override int PeakWaiting => 0;

    public override void OnInputChanged(long now)
    {
        while (Input.Ready > 0)
        {
            T value = default!;
            Ticket? ticket = null;
            Input.Take(new Span<T>(ref value), new Span<Ticket?>(ref ticket));
            PartTicket part = (PartTicket)ticket!;
            put(part.Slot!, value);
            meetingPoint.OnArrived(part, now);
        }
    }
}
