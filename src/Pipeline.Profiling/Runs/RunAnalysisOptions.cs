namespace Pipeline.Profiling;

/// <summary>Settings of an analysis of one run.</summary>
public sealed class RunAnalysisOptions
{
    /// <summary>Gets or sets the serial sections that the run's bodies entered.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<SerialSection> Sections { get; set; } = [];

    /// <summary>Gets or sets how many items may be in flight when the run has another number of workers.</summary>
    /// <value>Gives <see cref="RunOptions.MaxItemsInFlight"/> for a number of workers; null, the default, when it stays as in the run.</value>
    public Func<int, int>? MaxItemsInFlightFor { get; set; }

    /// <summary>Gets or sets how much threads slow each other down on the machine of the run.</summary>
    /// <value>Null, the default, when not known: predictions assume that stage times stay. <see cref="MachineContention.Measure"/> measures
    /// it.</value>
    public MachineContention? Contention { get; set; }

    /// <summary>Gets or sets the cores of the larger machine for the what-if.</summary>
    /// <value>1 to 1,024; default 32.</value>
    public int MachineCores { get; set; } = 32;
}
