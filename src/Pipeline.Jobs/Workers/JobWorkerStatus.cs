namespace Pipeline.Jobs;

/// <summary>What a worker is doing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Slots">Jobs it may run at the same time.</param>
/// <param name="Running">Jobs it runs.</param>
/// <param name="Abandoned">Bodies that did not stop although their lease was lost. They keep their slots; a worker whose slots are all abandoned should be restarted.</param>
/// <param name="IsDraining">Whether it was told to stop.</param>
/// <param name="IsCutOff">Whether the store has not answered for half of a lease. It takes no work then.</param>
public sealed record JobWorkerStatus(string Name, int Slots, int Running, int Abandoned, bool IsDraining, bool IsCutOff)
{
    /// <summary>Gets a value indicating whether the worker takes work.</summary>
    public bool IsReady => !IsDraining && !IsCutOff && Abandoned < Slots;
}
