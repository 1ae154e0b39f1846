namespace Pipeline.Profiling;

/// <summary>How points count in a fit of the Universal Scalability Law.</summary>
public enum UslWeighting
{
    /// <summary>Every point the same in units of throughput, as in the published fits; large throughputs decide.</summary>
    Absolute,

    /// <summary>Every point by its relative error, which suits times with a constant relative scatter.</summary>
    Relative,
}
