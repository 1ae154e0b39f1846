namespace Pipeline.Jobs;

/// <summary>Why an attempt is to stop. The first reason stays.</summary>
internal enum StopReason
{
    None,
    Canceled,
    Lost,
    Draining,
    TimedOut,
}
