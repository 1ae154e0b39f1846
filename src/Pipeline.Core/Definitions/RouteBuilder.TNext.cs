namespace Pipeline.Core;

/// <summary>Routes in the order in which they are asked; see <see cref="PipelineBuilderBranching"/>.</summary>
/// <typeparam name="T">The items that are routed.</typeparam>
/// <typeparam name="TNext">The results of the branches.</typeparam>
/// <remarks>Immutable and thread-safe: each call returns a new set.</remarks>
public sealed class RouteBuilder<T, TNext>
{
    private readonly ImmutableArray<(Func<T, bool> Predicate, Func<PipelineBuilder<T, T>, PipelineBuilder<T, TNext>> Branch)> _routes;
    private readonly bool _hasDefault;

    internal RouteBuilder(ImmutableArray<(Func<T, bool> Predicate, Func<PipelineBuilder<T, T>, PipelineBuilder<T, TNext>> Branch)> routes,
        bool hasDefault)
    {
        _routes = routes;
        _hasDefault = hasDefault;
    }

    internal IEnumerable<Func<PipelineBuilder<T, T>, PipelineBuilder<T, TNext>>> Branches => _routes.Select(static route => route.Branch);

    /// <summary>Adds a branch for the items that a predicate accepts and no earlier one did.</summary>
    /// <param name="predicate">True for items of this branch. It only looks at the item, and may be called from several threads at a time. An exception of it
    /// fails the item.</param>
    /// <param name="branch">Adds the stages of the branch to an empty builder; <c>b =&gt; b</c> passes items on unchanged.</param>
    /// <returns>A set with the route.</returns>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    /// <exception cref="InvalidOperationException">The set has a default route already, so this one would never get an item.</exception>
    public RouteBuilder<T, TNext> When(Func<T, bool> predicate, Func<PipelineBuilder<T, T>, PipelineBuilder<T, TNext>> branch)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ArgumentNullException.ThrowIfNull(branch);
        if (_hasDefault)
        {
            throw new InvalidOperationException(
                "A route was added behind the default route and would never get an item. Otherwise must come last. Move it behind the " +
                "last When.");
        }

        return new RouteBuilder<T, TNext>(_routes.Add((predicate, branch)), hasDefault: false);
    }

    /// <summary>Adds the branch for all items that no route accepted. It comes last.</summary>
    /// <param name="branch">Adds the stages of the branch to an empty builder; <c>b =&gt; b</c> passes items on unchanged.</param>
    /// <returns>A set with the default route.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="branch"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The set has a default route already.</exception>
    public RouteBuilder<T, TNext> Otherwise(Func<PipelineBuilder<T, T>, PipelineBuilder<T, TNext>> branch) =>
        new(When(static _ => true, branch)._routes, hasDefault: true);

    /// <summary>Finds the route of an item.</summary>
    internal int Find(T item)
    {
        for (int i = 0; i < _routes.Length; i++)
        {
            if (_routes[i].Predicate(item))
                return i;
        }

        return BranchNode<T>.Unmatched;
    }
}
