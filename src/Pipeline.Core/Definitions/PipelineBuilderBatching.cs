namespace Pipeline.Core;

/// <summary>Adds batches to pipeline definitions.</summary>
/// <remarks>An extension and no member: a member would make the builder's type refer to builders of batches of batches without end, which native AOT cannot
/// compile.</remarks>
public static class PipelineBuilderBatching
{
    /// <summary>Adds a stage that collects items into batches, in the order in which they come.</summary>
    /// <typeparam name="TIn">The items that the source will give.</typeparam>
    /// <typeparam name="TOut">The items that are collected.</typeparam>
    /// <param name="builder">The definition so far.</param>
    /// <param name="name">The stage's name, unique in the pipeline.</param>
    /// <param name="options">When a batch is handed on.</param>
    /// <returns>A builder with the stage.</returns>
    /// <remarks>What becomes of a batch becomes of all its items: when it fails, they have failed. When a memory budget or <see
    /// cref="RunOptions.MaxItemsInFlight"/> leaves no room for another item, a batch is handed on before it is full.</remarks>
    /// <exception cref="ArgumentException">The name is blank or taken.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static PipelineBuilder<TIn, Batch<TOut>> Batch<TIn, TOut>(
        this PipelineBuilder<TIn, TOut> builder, string name, BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        StageSettings settings = StageSettings.Create(name, stage => (stage.Workers, stage.Capacity) = (1, options.Capacity));
        return builder.Add<Batch<TOut>>(new BatchDefinition<TOut>(settings, options.CheckedCopy(name)));
    }
}
