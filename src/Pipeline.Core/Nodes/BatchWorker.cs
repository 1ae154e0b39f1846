namespace Pipeline.Core;

/// <summary>Wraps up one batch per turn, outside the gate because the next stage may be asked for an estimate.</summary>
#pragma warning disable CA1001 // the batch passes on
internal sealed class BatchWorker<T>(BatchNode<T> node) : NodeWorker(node)
#pragma warning restore CA1001
{
    private List<T> _values = [];
    private BatchTicket? _ticket;
    private Batch<T>? _batch;
    private long _turnStart;

    public void Start(List<T> values, List<Ticket> tickets, long now)
    {
        _values = values;
        _ticket = new BatchTicket(tickets);
        _turnStart = now;
    }

    public override bool Run()
    {
        _batch = new Batch<T>([.. _values]);
        node.Output.Estimate(_batch, _ticket!);
        node.Record(_batch.Count, busy: 0, waited: -1);
        return true;
    }

    public override void End(long now)
    {
        node.Account.EndTurn(now, _turnStart, busy: 0, held: 0);
        node.Items += _ticket!.Members.Count;

        // The batch takes the place and the charge of its members.
        long charge = 0;
        node.Run.Budget.EnterBefore(_ticket, _ticket.Members[0]);
        foreach (Ticket member in _ticket.Members)
        {
            charge += member.ChargedBytes;
            node.Run.Budget.Leave(member);
        }

        node.Run.Budget.Charge(_ticket, charge);
        node.Output.Append([_batch!], [_ticket]);
        node.Output.Consumer.OnInputChanged(now);
        _batch = null;
        _ticket = null;
    }
}
