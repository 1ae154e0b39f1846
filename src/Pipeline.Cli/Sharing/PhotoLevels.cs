namespace Pipeline.Cli;

/// <summary>The one order in which a photo job takes its licenses.</summary>
internal static class PhotoLevels
{
    /// <summary>Gets the level of the filter licenses: taken first.</summary>
    public static LockLevel Filter { get; } = LockLevel.Define("filter license", 20, "photo job");

    /// <summary>Gets the level of the watermark licenses.</summary>
    public static LockLevel Watermark { get; } = LockLevel.Define("watermark license", 30, "photo job");
}
