namespace Pipeline.Core.Internal;

/// <summary>Takes items from the user's source while there is room for them.</summary>
internal sealed class SourceNode<T>(RunEngine run, ItemSource<T> source, Hop<T> hop) : SourceNode(run)
{
    private SourceWorker<T>? _worker;
    private Ticket? _free; // tickets for reuse, linked by Younger

    internal Hop<T> Hop => hop;

    internal ItemSource<T> Feed => source;

    internal override bool CanStart(long now) =>
        !IsEnded && Account.Running == 0 && hop.Room > 0 && Run.MayTakeAnother && Run.Budget.HasRoomForAnother;

    internal override NodeWorker Begin(long now)
    {
        hop.Promise(1);
        Account.BeginTurn(now, 0);
        _worker ??= new SourceWorker<T>(this);
        _worker.Start(now);
        return _worker;
    }

    internal Ticket<T> NewTicket()
    {
        Ticket<T>? ticket = (Ticket<T>?)_free;
        if (ticket is null)
            return new Ticket<T>();
        _free = ticket.Younger;
        ticket.Younger = null;
        return ticket;
    }

    internal override void Recycle(Ticket ticket)
    {
        ticket.Clear();
        ticket.Younger = _free;
        _free = ticket;
    }

    internal override ValueTask DisposeWorkersAsync() => source.DisposeAsync();
}
