namespace Pipeline.Core;

/// <summary>The ticket of a batch; what becomes of the batch becomes of all its members.</summary>
internal sealed class BatchTicket : Ticket
{
    public BatchTicket(List<Ticket> members)
    {
        Members = members;
        Sequence = members[0].Sequence;
    }

    public List<Ticket> Members { get; }

    /// <summary>Each member was told to have failed with the batch; further parts of it that fail are told alone.</summary>
    public bool IsToldLost; // guarded by the run's gate

    public override object? Source => Members[0].Source;

    public override void Clear()
    {
    }
}
