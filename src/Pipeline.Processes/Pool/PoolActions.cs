namespace Pipeline.Processes;

/// <summary>What a decision under the supervisor's lock asks for: calls to send, which is all in the usual case, and rarer things.</summary>
internal struct PoolActions
{
    private PoolDispatch _firstSend; // apart from the others: a call that is alone needs no list
    private List<PoolDispatch>? _moreSends;
    private RareActions? _rare;

    /// <summary>Gets a value indicating whether there is more than calls to send.</summary>
    public readonly bool HasRare => _rare is not null;

    /// <summary>Gets the rarer things; made when they are first asked for.</summary>
    public RareActions Rare => _rare ??= new RareActions();

    /// <summary>Lists the calls to send, in order.</summary>
    public readonly IReadOnlyList<PoolDispatch> Sends() => _firstSend.Worker is null ? [] : [_firstSend, .. _moreSends ?? []];

    public void Send(in PoolDispatch dispatch)
    {
        if (_firstSend.Worker is null)
            _firstSend = dispatch;
        else
            (_moreSends ??= []).Add(dispatch);
    }

    /// <summary>Sends the calls. Not under a lock.</summary>
    public readonly void SendAll()
    {
        if (_firstSend.Worker is null)
            return;
        _firstSend.Worker.Sender.Send(_firstSend);
        if (_moreSends is null)
            return;
        foreach (PoolDispatch dispatch in _moreSends)
            dispatch.Worker.Sender.Send(dispatch);
    }
}
