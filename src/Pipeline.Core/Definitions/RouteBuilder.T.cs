namespace Pipeline.Core;

/// <summary>The empty set of routes; see <see cref="PipelineBuilderBranching"/>.</summary>
/// <typeparam name="T">The items that are routed.</typeparam>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class RouteBuilder<T>
{
    internal RouteBuilder()
    {
    }

    /// <summary>Adds a branch for the items that a predicate accepts.</summary>
    /// <typeparam name="TNext">The results of the branch.</typeparam>
    /// <param name="predicate">True for items of this branch. It only looks at the item, and may be called from several threads at a time. An exception of it
    /// fails the item.</param>
    /// <param name="branch">Adds the stages of the branch to an empty builder; <c>b =&gt; b</c> passes items on unchanged.</param>
    /// <returns>A set with the route.</returns>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    public RouteBuilder<T, TNext> When<TNext>(Func<T, bool> predicate, Func<PipelineBuilder<T, T>, PipelineBuilder<T, TNext>> branch) =>
        new RouteBuilder<T, TNext>([], hasDefault: false).When(predicate, branch);

    /// <summary>Sends all items into one branch.</summary>
    /// <typeparam name="TNext">The results of the branch.</typeparam>
    /// <param name="branch">Adds the stages of the branch to an empty builder.</param>
    /// <returns>A set with the route.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="branch"/> is null.</exception>
    public RouteBuilder<T, TNext> Otherwise<TNext>(Func<PipelineBuilder<T, T>, PipelineBuilder<T, TNext>> branch) =>
        new RouteBuilder<T, TNext>([], hasDefault: false).Otherwise(branch);
}
