namespace Pipeline.Jobs;

/// <summary>Keeps the machine of a busy worker from being taken away. Called only when the worker turns from idle to busy or back.</summary>
public interface IScaleInGuard
{
    /// <summary>Protects this machine, again after a while as long as the worker is busy.</summary>
    /// <param name="duration">How long the protection must last unless it is renewed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the machine is protected.</returns>
    ValueTask ProtectAsync(TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Ends the protection.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the machine may go.</returns>
    ValueTask UnprotectAsync(CancellationToken cancellationToken);
}
