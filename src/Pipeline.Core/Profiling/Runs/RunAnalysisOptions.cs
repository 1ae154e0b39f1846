namespace Pipeline.Core.Profiling;

/// <summary>Settings of an analysis of one run.</summary>
public sealed class RunAnalysisOptions
{
    /// <summary>Gets or sets the serial sections that the run's bodies entered.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<SerialSection> Sections { get; set; } = [];

    /// <summary>Gets or sets the cores of the larger machine for the what-if.</summary>
    /// <value>1 to 1,024; default 32.</value>
    public int MachineCores { get; set; } = 32;
}
