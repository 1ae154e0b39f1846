namespace Pipeline.Sync;

/// <summary>Settings of a <see cref="SharedCounterSet"/>. They are checked and copied when it is opened.</summary>
public sealed class SharedCounterSetOptions
{
    /// <summary>Gets or sets how many processes may have the file open at once. Fixed when the file is created.</summary>
    /// <value>Processes, 1 to 1,000; default 64. Each takes 128 bytes, or more for more than 16 counters. When all places are taken, opening fails.</value>
    public int MaxProcesses { get; set; } = 64;

    /// <summary>Gets or sets a value indicating whether a file on a network file system is accepted when its directory passes the start-up probe.</summary>
    /// <value>Default false: memory that is mapped over a network is not shared.</value>
    public bool AllowNetworkFileSystem { get; set; }
}
