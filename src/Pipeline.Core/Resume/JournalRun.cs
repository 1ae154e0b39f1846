namespace Pipeline.Core;

/// <summary>One run's use of a resume journal, as the engine sees it.</summary>
internal abstract class JournalRun
{
    public abstract long PassedOver { get; } // how many items were passed over

    /// <summary>Notes how an item ended. Called under the run's gate, so it only notes; the file is written elsewhere.</summary>
    public abstract void End(string key, ItemOutcome outcome);

    /// <summary>Waits until everything noted is written, and lets the journal go.</summary>
    public abstract Task EndRunAsync();
}
