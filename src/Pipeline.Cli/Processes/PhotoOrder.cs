namespace Pipeline.Cli;

/// <summary>What a worker process needs to know to do one photo on its own: the photo and what the user asked for. No pixels.</summary>
/// <param name="Photo">The photo.</param>
/// <param name="OutputName">The outputs' path within the output folder, without width and extension.</param>
/// <param name="OutputFolder">The output folder.</param>
/// <param name="Recipe">What determines the outputs.</param>
/// <param name="Sharing">The licenses that all workers share.</param>
/// <param name="Worker">Which of the job's workers does the photo, from 1: the name in messages about licenses.</param>
internal sealed record PhotoOrder(
    PhotoSource Photo, string OutputName, string OutputFolder, PhotoRecipe Recipe, SharingSettings Sharing, int Worker)
{
    /// <summary>Gets the settings of a run that does this photo alone.</summary>
    public PhotoJobSettings ToSettings() =>
        new() { OutputFolder = OutputFolder, Recipe = Recipe, Sharing = Sharing, Workers = 1, StopOnFailure = true };
}
