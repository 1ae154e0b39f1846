namespace Pipeline.Core;

/// <summary>Counts the bytes that items in flight are charged with, and says which item may start a body.</summary>
/// <remarks>
/// The rule: <b>an item starts a body when its charge fits, and the oldest item in flight always starts.</b> An item's charge becomes the larger of what it is
/// charged already and what the stage estimates; the weight of the result replaces it; it ends when the item leaves the pipeline. An item that is not charged
/// yet needs a budget that is not used up.
/// <para>
/// Why this cannot deadlock: look at the oldest item in flight. It is never refused for bytes. It is never refused for room: in a queue that keeps the order
/// only older items stand before it, and there are none; every other queue keeps one place more for the oldest. It never waits behind items that are refused: a
/// stage whose front is refused takes the oldest if it waits there. So it waits only for bodies that run, and a running body waits for nothing of the run.
/// Hence it finishes, another item is the oldest, and so on. Where a shape takes several items to make one (a batch), the scheduler releases what is there when
/// nothing runs. An item's parts are older than the item, and a part that waits for its counterparts in a join is no older than they are.
/// </para>
/// <para>
/// That argument needs items to keep the order of the source wherever order decides who goes first. Behind an unordered stage and a shape that makes the order
/// final (a batch, branches), the oldest may stand behind others for good. So when nothing runs and nothing may start, the run admits one waiting item of any
/// weight, from the latest stage on, and that item is the head of the order that counts there.
/// </para>
/// <para>Hence the bound: the charges of all items but the oldest fit the budget at the moment a body starts.</para>
/// <para>Locking rule: everything is guarded by the run's gate.</para>
/// </remarks>
[DebuggerDisplay("{InFlightBytes} of {LimitBytes} bytes, at most {PeakBytes}")]
internal sealed class MemoryBudget(long? limitBytes)
{
    /// <summary>The most that one item is charged: 8 TiB, so that the sum over a million items without bound does not overflow.</summary>
    private const long MostBytes = 1L << 43;

    private Ticket? _youngest;
    private Ticket? _favored; // admitted although it does not fit, because nothing else can go on

    public long? LimitBytes => limitBytes;
    public long InFlightBytes { get; private set; }
    public long PeakBytes { get; private set; }
    public long OversizeItems { get; private set; }
    public Ticket? Oldest { get; private set; } // the item in flight that was taken first; null without a limit

    /// <summary>Says whether an item is always admitted: the oldest, and the one that the run goes on with when nothing else could.</summary>
    public bool IsHead(Ticket ticket) => ticket == Oldest || (_favored is not null && ticket == _favored);

    /// <summary>Admits an item of any weight, until it leaves; null to take that back.</summary>
    public void Favor(Ticket? ticket) => _favored = ticket;

    /// <summary>Gets a value indicating whether the source may give another item, or a one-to-many stage another part.</summary>
    public bool HasRoomForAnother => limitBytes is null || InFlightBytes < limitBytes;

    /// <summary>Takes in an item that is younger than all others.</summary>
    public void Enter(Ticket ticket)
    {
        if (limitBytes is null)
            return;
        ticket.IsListed = true;
        ticket.Older = _youngest;
        if (_youngest is null)
            Oldest = ticket;
        else
            _youngest.Younger = ticket;
        _youngest = ticket;
        AssertInvariants();
    }

    /// <summary>Takes in an item that is as old as another, just before it.</summary>
    public void EnterBefore(Ticket ticket, Ticket other)
    {
        if (!other.IsListed)
            return;
        ticket.IsListed = true;
        ticket.Younger = other;
        ticket.Older = other.Older;
        other.Older = ticket;
        if (ticket.Older is null)
            Oldest = ticket;
        else
            ticket.Older.Younger = ticket;
        AssertInvariants();
    }

    /// <summary>Gives an item's charge back. Does nothing for one that left already.</summary>
    public void Leave(Ticket ticket)
    {
        InFlightBytes -= ticket.ChargedBytes;
        ticket.ChargedBytes = 0;
        if (ticket == _favored)
            _favored = null;
        Unlist(ticket);
        AssertInvariants();
    }

    /// <summary>Makes an item as old as another, just before it; what it is charged stays.</summary>
    public void MoveBefore(Ticket ticket, Ticket other)
    {
        Unlist(ticket);
        EnterBefore(ticket, other);
    }

    /// <summary>Charges one item with what another was charged.</summary>
    public void MoveCharge(Ticket from, Ticket to)
    {
        long bytes = from.ChargedBytes;
        to.IsOverBudget = from.IsOverBudget;
        Charge(from, 0);
        Charge(to, bytes);
    }

    public bool Admits(Ticket ticket, long neededBytes)
    {
        if (limitBytes is null || IsHead(ticket))
            return true;
        long more = Math.Min(neededBytes, MostBytes) - ticket.ChargedBytes;
        if (more <= 0)
            return ticket.ChargedBytes > 0 || InFlightBytes < limitBytes;
        return InFlightBytes + more <= limitBytes;
    }

    /// <summary>Charges an item that starts a body with what the stage says it needs.</summary>
    public void Reserve(Ticket ticket) => Charge(ticket, Math.Max(ticket.ChargedBytes, ticket.NeededBytes));

    /// <summary>Sets an item's charge to what it weighs.</summary>
    public void Charge(Ticket ticket, long bytes)
    {
        bytes = Math.Min(bytes, MostBytes);
        InFlightBytes += bytes - ticket.ChargedBytes;
        ticket.ChargedBytes = bytes;
        PeakBytes = Math.Max(PeakBytes, InFlightBytes);
        if (bytes > limitBytes && !ticket.IsOverBudget)
        {
            ticket.IsOverBudget = true;
            OversizeItems++;
        }

        AssertInvariants();
    }

    /// <summary>Fails a debug build when the charges are negative or the list by age is broken. Walks the first items of a long list only.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(InFlightBytes >= 0 && InFlightBytes <= PeakBytes, "An item gives back exactly what it was charged.");
        Debug.Assert((Oldest is null) == (_youngest is null), "The list has two ends or none.");
        long charged = 0;
        int left = 64;
        Ticket? older = null;
        for (Ticket? ticket = Oldest; ticket is not null && left > 0; ticket = ticket.Younger, left--)
        {
            Debug.Assert(ticket.IsListed && ticket.Older == older, "The list is linked in both directions.");
            charged += ticket.ChargedBytes;
            older = ticket;
        }

        Debug.Assert(left == 0 || older == _youngest, "The list ends with the youngest item.");
        Debug.Assert(limitBytes is null || left == 0 || charged == InFlightBytes, "Under a limit every charged item is listed.");
    }

    private void Unlist(Ticket ticket)
    {
        if (!ticket.IsListed)
            return;
        ticket.IsListed = false;
        if (ticket.Older is null)
            Oldest = ticket.Younger;
        else
            ticket.Older.Younger = ticket.Younger;
        if (ticket.Younger is null)
            _youngest = ticket.Older;
        else
            ticket.Younger.Older = ticket.Older;
        ticket.Older = ticket.Younger = null;
    }
}
