namespace Pipeline.Core;

/// <summary>Adds shapes with branches to pipeline definitions: broadcast, join, route.</summary>
/// <remarks>
/// A branch is a chain of stages, described by a function from an empty builder. Its stages are named <c>shape/stage</c>; the stage where the branches meet is
/// named <c>shape/merge</c> or <c>shape/join</c>.
/// <para>
/// Back-pressure: an item enters the shape when every branch that gets it has room, so the slowest branch sets the pace and nothing is dropped. Ownership: a
/// broadcast item has several owners, so one that is disposable must be a <see cref="Shared{T}"/>: each branch gets its own handle. Memory: with a budget, an
/// item that was broadcast stays charged until its branches have ended, beside what they make of it.
/// </para>
/// <para>Extensions and no members, so that the builder's type does not refer to ever longer types, which native AOT cannot compile.</para>
/// </remarks>
public static class PipelineBuilderBranching
{
    /// <summary>Gives each item to all branches and hands on all their results, with default options.</summary>
    /// <typeparam name="TIn">The items that the source will give.</typeparam>
    /// <typeparam name="TOut">The items that are broadcast.</typeparam>
    /// <typeparam name="TNext">The results of the branches.</typeparam>
    /// <param name="builder">The definition so far.</param>
    /// <param name="name">The shape's name, unique in the pipeline.</param>
    /// <param name="branches">The branches, 2 or more.</param>
    /// <returns>A builder with the shape.</returns>
    /// <remarks>In input order (the default) all results of an item go on before those of the next, in the order of the branches. An item counts as completed
    /// when all its results have reached the end, as failed when one of them failed.</remarks>
    /// <exception cref="ArgumentException">A name is blank or taken, there are fewer than 2 branches, the items are disposable and not shared, or the input
    /// order cannot be kept.</exception>
    /// <exception cref="ArgumentNullException">A branch is null.</exception>
    public static PipelineBuilder<TIn, TNext> Broadcast<TIn, TOut, TNext>(
        this PipelineBuilder<TIn, TOut> builder, string name,
        params Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, TNext>>[] branches) =>
        Broadcast(builder, name, static _ => { }, branches);

    /// <summary>Gives each item to all branches and hands on all their results.</summary>
    /// <param name="configure">Sets the options: <see cref="StageOptions.Capacity"/> (items that wait in front of the shape, and results that wait where the
    /// branches meet), <see cref="StageOptions.Order"/>, <see cref="StageOptions.OnFailure"/>. In completion order results go on as they come, also behind
    /// branches whose last stages keep the order; a branch with a batch or one-to-many stage needs that.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="Broadcast{TIn, TOut, TNext}(PipelineBuilder{TIn, TOut}, string, Func{PipelineBuilder{TOut, TOut}, PipelineBuilder{TOut, TNext}}[])"/>
    public static PipelineBuilder<TIn, TNext> Broadcast<TIn, TOut, TNext>(
        this PipelineBuilder<TIn, TOut> builder, string name, Action<StageOptions> configure,
        params Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, TNext>>[] branches)
    {
        ShapeDefinition<TOut> shape = ShapeDefinition<TOut>.Create(builder, name, configure);
        ArgumentNullException.ThrowIfNull(branches);
        foreach (Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, TNext>> branch in branches)
            shape.AddBranch<TNext>(branch, put: null);
        return shape.Broadcast<TIn, TNext>(builder);
    }

    /// <summary>Gives each item to two branches and puts their results for it together, with default options.</summary>
    /// <typeparam name="TIn">The items that the source will give.</typeparam>
    /// <typeparam name="TOut">The items that are broadcast.</typeparam>
    /// <typeparam name="T1">The results of the first branch.</typeparam>
    /// <typeparam name="T2">The results of the second branch.</typeparam>
    /// <typeparam name="TNext">What the results are put together to.</typeparam>
    /// <param name="builder">The definition so far.</param>
    /// <param name="name">The shape's name, unique in the pipeline.</param>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="join">Puts the results of one item together. Once it returned, it has taken over the results.</param>
    /// <returns>A builder with the shape.</returns>
    /// <remarks>Results are matched by their item, so the branches may overtake each other. When a branch gives no result for an item because a stage skipped
    /// it or failed, its other results are disposed and the item counts as skipped or failed.</remarks>
    /// <exception cref="ArgumentException">A name is blank or taken, the items are disposable and not shared, or a branch has a batch, one-to-many or broadcast
    /// stage, whose results cannot be matched with items.</exception>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    public static PipelineBuilder<TIn, TNext> BroadcastJoin<TIn, TOut, T1, T2, TNext>(
        this PipelineBuilder<TIn, TOut> builder,
        string name,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T1>> first,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T2>> second,
        Func<T1, T2, TNext> join) => BroadcastJoin(builder, name, first, second, join, static _ => { });

    /// <summary>Gives each item to two branches and puts their results for it together.</summary>
    /// <param name="configure">Sets the options of the joining stage; <see cref="StageOptions.Capacity"/> also limits the items that wait in front of the
    /// shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="BroadcastJoin{TIn, TOut, T1, T2, TNext}(PipelineBuilder{TIn, TOut}, string, Func{PipelineBuilder{TOut, TOut},
    /// PipelineBuilder{TOut, T1}}, Func{PipelineBuilder{TOut, TOut}, PipelineBuilder{TOut, T2}}, Func{T1, T2, TNext})"/>
    public static PipelineBuilder<TIn, TNext> BroadcastJoin<TIn, TOut, T1, T2, TNext>(
        this PipelineBuilder<TIn, TOut> builder,
        string name,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T1>> first,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T2>> second,
        Func<T1, T2, TNext> join,
        Action<StageOptions> configure)
    {
        ShapeDefinition<TOut> shape = ShapeDefinition<TOut>.Create(builder, name, configure);
        ArgumentNullException.ThrowIfNull(join);
        shape.AddBranch<T1>(first, static (slot, result) => ((JoinSlot<T1, T2, object>)slot).First = result);
        shape.AddBranch<T2>(second, static (slot, result) => ((JoinSlot<T1, T2, object>)slot).Second = result);
        return shape.Join(builder, static () => new JoinSlot<T1, T2, object>(), slot =>
            join(((JoinSlot<T1, T2, object>)slot).First!, ((JoinSlot<T1, T2, object>)slot).Second!));
    }

    /// <summary>Gives each item to three branches and puts their results for it together, with default options.</summary>
    /// <typeparam name="TIn">The items that the source will give.</typeparam>
    /// <typeparam name="TOut">The items that are broadcast.</typeparam>
    /// <typeparam name="T1">The results of the first branch.</typeparam>
    /// <typeparam name="T2">The results of the second branch.</typeparam>
    /// <typeparam name="T3">The results of the third branch.</typeparam>
    /// <typeparam name="TNext">What the results are put together to.</typeparam>
    /// <param name="third">The third branch.</param>
    /// <inheritdoc cref="BroadcastJoin{TIn, TOut, T1, T2, TNext}(PipelineBuilder{TIn, TOut}, string, Func{PipelineBuilder{TOut, TOut},
    /// PipelineBuilder{TOut, T1}}, Func{PipelineBuilder{TOut, TOut}, PipelineBuilder{TOut, T2}}, Func{T1, T2, TNext})"/>
    public static PipelineBuilder<TIn, TNext> BroadcastJoin<TIn, TOut, T1, T2, T3, TNext>(
        this PipelineBuilder<TIn, TOut> builder,
        string name,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T1>> first,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T2>> second,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T3>> third,
        Func<T1, T2, T3, TNext> join) => BroadcastJoin(builder, name, first, second, third, join, static _ => { });

    /// <summary>Gives each item to three branches and puts their results for it together.</summary>
    /// <param name="configure">Sets the options of the joining stage; <see cref="StageOptions.Capacity"/> also limits the items that wait in front of the
    /// shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="BroadcastJoin{TIn, TOut, T1, T2, T3, TNext}(PipelineBuilder{TIn, TOut}, string, Func{PipelineBuilder{TOut, TOut},
    /// PipelineBuilder{TOut, T1}}, Func{PipelineBuilder{TOut, TOut}, PipelineBuilder{TOut, T2}}, Func{PipelineBuilder{TOut, TOut}, PipelineBuilder{TOut, T3}},
    /// Func{T1, T2, T3, TNext})"/>
    public static PipelineBuilder<TIn, TNext> BroadcastJoin<TIn, TOut, T1, T2, T3, TNext>(
        this PipelineBuilder<TIn, TOut> builder,
        string name,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T1>> first,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T2>> second,
        Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, T3>> third,
        Func<T1, T2, T3, TNext> join,
        Action<StageOptions> configure)
    {
        ShapeDefinition<TOut> shape = ShapeDefinition<TOut>.Create(builder, name, configure);
        ArgumentNullException.ThrowIfNull(join);
        shape.AddBranch<T1>(first, static (slot, result) => ((JoinSlot<T1, T2, T3>)slot).First = result);
        shape.AddBranch<T2>(second, static (slot, result) => ((JoinSlot<T1, T2, T3>)slot).Second = result);
        shape.AddBranch<T3>(third, static (slot, result) => ((JoinSlot<T1, T2, T3>)slot).Third = result);
        return shape.Join(builder, static () => new JoinSlot<T1, T2, T3>(), slot =>
            join(((JoinSlot<T1, T2, T3>)slot).First!, ((JoinSlot<T1, T2, T3>)slot).Second!, ((JoinSlot<T1, T2, T3>)slot).Third!));
    }

    /// <summary>Gives each item to any number of branches with results of one type and puts them together, with default options.</summary>
    /// <typeparam name="TIn">The items that the source will give.</typeparam>
    /// <typeparam name="TOut">The items that are broadcast.</typeparam>
    /// <typeparam name="TResult">The results of the branches.</typeparam>
    /// <typeparam name="TNext">What the results are put together to.</typeparam>
    /// <param name="branches">The branches, 2 or more.</param>
    /// <param name="join">Puts the results of one item, in the order of the branches, together. Once it returned, it has taken over the results.</param>
    /// <inheritdoc cref="BroadcastJoin{TIn, TOut, T1, T2, TNext}(PipelineBuilder{TIn, TOut}, string, Func{PipelineBuilder{TOut, TOut},
    /// PipelineBuilder{TOut, T1}}, Func{PipelineBuilder{TOut, TOut}, PipelineBuilder{TOut, T2}}, Func{T1, T2, TNext})"/>
    public static PipelineBuilder<TIn, TNext> BroadcastJoin<TIn, TOut, TResult, TNext>(
        this PipelineBuilder<TIn, TOut> builder,
        string name,
        IReadOnlyList<Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, TResult>>> branches,
        Func<IReadOnlyList<TResult>, TNext> join) => BroadcastJoin(builder, name, branches, join, static _ => { });

    /// <summary>Gives each item to any number of branches with results of one type and puts them together.</summary>
    /// <param name="configure">Sets the options of the joining stage; <see cref="StageOptions.Capacity"/> also limits the items that wait in front of the
    /// shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="BroadcastJoin{TIn, TOut, TResult, TNext}(PipelineBuilder{TIn, TOut}, string, IReadOnlyList{Func{PipelineBuilder{TOut, TOut},
    /// PipelineBuilder{TOut, TResult}}}, Func{IReadOnlyList{TResult}, TNext})"/>
    public static PipelineBuilder<TIn, TNext> BroadcastJoin<TIn, TOut, TResult, TNext>(
        this PipelineBuilder<TIn, TOut> builder,
        string name,
        IReadOnlyList<Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, TResult>>> branches,
        Func<IReadOnlyList<TResult>, TNext> join,
        Action<StageOptions> configure)
    {
        ShapeDefinition<TOut> shape = ShapeDefinition<TOut>.Create(builder, name, configure);
        ArgumentNullException.ThrowIfNull(branches);
        ArgumentNullException.ThrowIfNull(join);
        int count = branches.Count;
        for (int i = 0; i < count; i++)
        {
            int place = i;
            shape.AddBranch<TResult>(branches[i], (slot, result) => ((JoinSlot<TResult>)slot).Results[place] = result);
        }

        return shape.Join(builder, () => new JoinSlot<TResult>(count), slot => join(((JoinSlot<TResult>)slot).Results));
    }

    /// <summary>Gives each item to the first branch whose predicate holds and hands on the results of all branches, with default options.</summary>
    /// <typeparam name="TIn">The items that the source will give.</typeparam>
    /// <typeparam name="TOut">The items that are routed.</typeparam>
    /// <typeparam name="TNext">The results of the branches.</typeparam>
    /// <param name="builder">The definition so far.</param>
    /// <param name="name">The shape's name, unique in the pipeline.</param>
    /// <param name="routes">Adds the routes to an empty set: <c>routes =&gt; routes.When(...).Otherwise(...)</c>.</param>
    /// <returns>A builder with the shape.</returns>
    /// <remarks>An item that matches no route fails in this shape. In input order (the default) results go on in the order of the items. While the branch of
    /// the next item has no room, the items behind it wait too.</remarks>
    /// <exception cref="ArgumentException">A name is blank or taken, there is no route, or the input order cannot be kept.</exception>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    public static PipelineBuilder<TIn, TNext> Route<TIn, TOut, TNext>(
        this PipelineBuilder<TIn, TOut> builder, string name, Func<RouteBuilder<TOut>, RouteBuilder<TOut, TNext>> routes) =>
        Route(builder, name, routes, static _ => { });

    /// <summary>Gives each item to the first branch whose predicate holds and hands on the results of all branches.</summary>
    /// <param name="configure">Sets the options: <see cref="StageOptions.Capacity"/> (items that wait in front of the shape, and results that wait where the
    /// branches meet), <see cref="StageOptions.Order"/>, <see cref="StageOptions.OnFailure"/>. In completion order results go on as they come, also behind
    /// branches whose last stages keep the order; a branch with a batch, one-to-many or broadcast stage needs that.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="Route{TIn, TOut, TNext}(PipelineBuilder{TIn, TOut}, string, Func{RouteBuilder{TOut}, RouteBuilder{TOut, TNext}})"/>
    public static PipelineBuilder<TIn, TNext> Route<TIn, TOut, TNext>(
        this PipelineBuilder<TIn, TOut> builder, string name, Func<RouteBuilder<TOut>, RouteBuilder<TOut, TNext>> routes,
        Action<StageOptions> configure)
    {
        ShapeDefinition<TOut> shape = ShapeDefinition<TOut>.Create(builder, name, configure);
        ArgumentNullException.ThrowIfNull(routes);
        RouteBuilder<TOut, TNext> all = routes(new RouteBuilder<TOut>())
            ?? throw new ArgumentException(
            $"Stage '{name}' was given no routes. A route needs at least one. Return what When or Otherwise returned.", nameof(routes));
        foreach (Func<PipelineBuilder<TOut, TOut>, PipelineBuilder<TOut, TNext>> branch in all.Branches)
            shape.AddBranch<TNext>(branch, put: null);
        return shape.Route<TIn, TNext>(builder, all.Find);
    }
}
