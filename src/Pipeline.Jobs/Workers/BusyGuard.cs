using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs;

/// <summary>Switches the scale-in guard when a worker turns from idle to busy or back, and only then; renews it while the worker stays busy.</summary>
internal sealed class BusyGuard(IScaleInGuard? guard, TimeSpan lease, ILogger log)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _running; // guarded by _turn

    private TimeSpan Protection => lease * 2 + TimeSpan.FromMinutes(1);

    public ValueTask EnterAsync() => ChangeAsync(1);

    public ValueTask LeaveAsync() => ChangeAsync(-1);

    /// <summary>Renews the protection of a busy worker.</summary>
    public ValueTask RenewAsync() => ChangeAsync(0);

    private async ValueTask ChangeAsync(int change)
    {
        if (guard is null)
            return;
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            int before = _running;
            _running += change;
            if (_running > 0 && (before == 0 || change == 0))
                await guard.ProtectAsync(Protection, CancellationToken.None).ConfigureAwait(false);
            else if (_running == 0 && before > 0)
                await guard.UnprotectAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            JobLog.GuardFailed(log, error); // protection is a courtesy of the platform; the lease is what keeps the job
        }
        finally
        {
            _turn.Release();
        }
    }
}
