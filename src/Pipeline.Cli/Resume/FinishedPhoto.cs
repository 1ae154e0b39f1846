namespace Pipeline.Cli;

/// <summary>A photo whose outputs have all been published.</summary>
/// <param name="Source">The photo's full path without symbolic links.</param>
/// <param name="Length">The bytes of the photo when it was processed.</param>
/// <param name="ModifiedTicks">When it had last been written then, in UTC ticks.</param>
/// <param name="Options">The fingerprint of all options that change the outputs' bytes.</param>
/// <param name="Outputs">The outputs.</param>
internal sealed record FinishedPhoto(
    string Source, long Length, long ModifiedTicks, string Options, IReadOnlyList<FinishedOutput> Outputs);
