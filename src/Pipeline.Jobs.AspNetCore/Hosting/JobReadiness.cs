namespace Pipeline.Jobs.AspNetCore;

/// <summary>Whether this process should be sent requests. It says nothing about what all instances share: a database that is down would take all of them out at once.</summary>
public sealed class JobReadiness
{
    private volatile bool _isStopping;

    /// <summary>Gets a value indicating whether the process takes requests gladly.</summary>
    public bool IsReady => !_isStopping;

    /// <summary>Turns readiness off, for good. The service does so when it begins to stop.</summary>
    public void TurnOff() => _isStopping = true;
}
