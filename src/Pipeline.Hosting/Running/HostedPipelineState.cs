namespace Pipeline.Hosting;

/// <summary>Where a hosted pipeline stands.</summary>
internal enum HostedPipelineState
{
    /// <summary>The host has not started it.</summary>
    Created,

    /// <summary>It takes items.</summary>
    Ready,

    /// <summary>It finishes what it took, and takes items only for <see cref="HostedPipelineOptions.ReadinessDelay"/>.</summary>
    NotReady,

    /// <summary>Its run has ended.</summary>
    Ended,
}
