namespace Pipeline.Cli;

/// <summary>Everything that the user said about a photo job. Immutable.</summary>
internal sealed record PhotoJobSettings
{
    /// <summary>Gets the workers that fit this machine: one per processor.</summary>
    public static int AutomaticWorkers => Math.Clamp(Environment.ProcessorCount, 1, 1024);

    /// <summary>Gets the output folder as the user gave it.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Gets what determines the outputs of a photo.</summary>
    public PhotoRecipe Recipe { get; init; } = new();

    /// <summary>Gets how many photos are worked on at the same time.</summary>
    public int Workers { get; init; } = AutomaticWorkers;

    /// <summary>Gets a value indicating whether photos are done in worker processes.</summary>
    public bool InProcesses { get; init; }

    /// <summary>Gets how many bytes the photos in flight may hold; null for no limit.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Gets the order in which photos leave each stage.</summary>
    public StageOrder Order { get; init; } = StageOrder.Completion;

    /// <summary>Gets a value indicating whether photos finished by an earlier run are left alone.</summary>
    public bool Resume { get; init; }

    /// <summary>Gets a value indicating whether the first failed photo stops the run.</summary>
    public bool StopOnFailure { get; init; }

    /// <summary>Gets how many photos may fail before the run stops; null for any number.</summary>
    public FailureBound? MaxFailures { get; init; }

    /// <summary>Gets what the job shares with other runs.</summary>
    public SharingSettings Sharing { get; init; } = new();

    /// <summary>Gets where the HTML report goes; null for none.</summary>
    public string? Report { get; init; }

    /// <summary>Gets where the JSON document goes; <c>-</c> for standard output, null for none.</summary>
    public string? Json { get; init; }

    /// <summary>Gets a value indicating whether progress is shown.</summary>
    public bool ShowProgress { get; init; } = true;

    /// <summary>Gets a value indicating whether only errors are printed.</summary>
    public bool Quiet { get; init; }
}
