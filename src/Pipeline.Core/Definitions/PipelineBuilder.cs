namespace Pipeline.Core;

/// <summary>Starts the definition of a pipeline.</summary>
public static class PipelineBuilder
{
    /// <summary>Starts a pipeline over items of a type.</summary>
    /// <typeparam name="T">The items that the source will give.</typeparam>
    /// <param name="name">The pipeline's name in reports and metrics.</param>
    /// <returns>A builder without stages.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty or blank.</exception>
    public static PipelineBuilder<T, T> Start<T>(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException("The pipeline was given a blank name. A name is needed to tell pipelines apart in reports and " +
                "metrics. Pass one to PipelineBuilder.Start.", nameof(name));
        }

        return new PipelineBuilder<T, T>(name, []);
    }
}
