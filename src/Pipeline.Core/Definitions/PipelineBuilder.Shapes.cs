namespace Pipeline.Core;

/// <content>The shapes other than one for one.</content>
public sealed partial class PipelineBuilder<TIn, TOut>
{
    /// <summary>Adds a stage with default options that hands on only the items that a predicate keeps; the others are disposed if disposable and counted as
    /// skipped.</summary>
    /// <param name="name">The stage's name, unique in the pipeline.</param>
    /// <param name="predicate">True keeps the item. It only looks at the item.</param>
    /// <returns>A builder with the stage.</returns>
    /// <exception cref="ArgumentException">The name is blank or taken.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is null.</exception>
    public PipelineBuilder<TIn, TOut> Where(string name, Func<TOut, bool> predicate) => Where(name, predicate, static _ => { });

    /// <summary>Adds a stage that hands on only the items that a predicate keeps; the others are disposed if disposable and counted as skipped.</summary>
    /// <param name="configure">Sets the stage's options.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="Where(string, Func{TOut, bool})"/>
    public PipelineBuilder<TIn, TOut> Where(string name, Func<TOut, bool> predicate, Action<StageOptions> configure)
    {
        RequireBody(name, predicate, nameof(predicate));
        return Stage(name, new FilterStage<TOut>((item, _) => new ValueTask<bool>(predicate(item))), configure);
    }

    /// <summary>Adds a stage with default options that gives several items for each one.</summary>
    /// <typeparam name="TNext">The parts.</typeparam>
    /// <param name="name">The stage's name, unique in the pipeline.</param>
    /// <param name="body">Splits an item. The sequence is enumerated as room comes, by one thread at a time; afterwards the run disposes the item if it is
    /// disposable.</param>
    /// <returns>A builder with the stage.</returns>
    /// <remarks>An item counts as completed when all its parts have reached the end, as failed when one of them failed, as skipped when it had none.</remarks>
    /// <exception cref="ArgumentException">The name is blank or taken.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public PipelineBuilder<TIn, TNext> SelectMany<TNext>(string name, Func<TOut, IEnumerable<TNext>> body) =>
        SelectMany(name, body, static _ => { });

    /// <summary>Adds a stage that gives several items for each one.</summary>
    /// <param name="configure">Sets the stage's options, all but <see cref="StageOptions.ItemTimeout"/> and <see cref="StageOptions.Executor"/>.</param>
    /// <exception cref="ArgumentException">The name is blank or taken, or a time limit or an executor was set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="SelectMany{TNext}(string, Func{TOut, IEnumerable{TNext}})"/>
    public PipelineBuilder<TIn, TNext> SelectMany<TNext>(string name, Func<TOut, IEnumerable<TNext>> body, Action<StageOptions> configure)
    {
        RequireBody(name, body, nameof(body));
        ArgumentNullException.ThrowIfNull(configure);
        return Add<TNext>(new OneToManyDefinition<TOut, TNext>(
            SequenceSettings(name, configure), item => body(item) is { } parts ? new EnumerableSource<TNext>(parts) : null));
    }

    /// <summary>Adds a stage with default options that gives several items for each one, asynchronously.</summary>
    /// <inheritdoc cref="SelectMany{TNext}(string, Func{TOut, IEnumerable{TNext}})"/>
    public PipelineBuilder<TIn, TNext> SelectMany<TNext>(string name, Func<TOut, IAsyncEnumerable<TNext>> body) =>
        SelectMany(name, body, static _ => { });

    /// <summary>Adds a stage that gives several items for each one, asynchronously.</summary>
    /// <inheritdoc cref="SelectMany{TNext}(string, Func{TOut, IEnumerable{TNext}}, Action{StageOptions})"/>
    public PipelineBuilder<TIn, TNext> SelectMany<TNext>(
        string name, Func<TOut, IAsyncEnumerable<TNext>> body, Action<StageOptions> configure)
    {
        RequireBody(name, body, nameof(body));
        ArgumentNullException.ThrowIfNull(configure);
        return Add<TNext>(new OneToManyDefinition<TOut, TNext>(
            SequenceSettings(name, configure), item => body(item) is { } parts ? new AsyncEnumerableSource<TNext>(parts) : null));
    }

    /// <summary>Adds a stage that never processes two items of one key at the same time, and hands results of one key on in their order.</summary>
    /// <typeparam name="TKey">The key; compared by its hash code, so keys with the same hash code are kept in order too.</typeparam>
    /// <typeparam name="TNext">The results of the stage.</typeparam>
    /// <param name="name">The stage's name, unique in the pipeline.</param>
    /// <param name="key">Gives an item's key. It only looks at the item.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="configure">Sets the stage's options; <see cref="StageOptions.Order"/> is of no effect.</param>
    /// <returns>A builder with the stage.</returns>
    /// <exception cref="ArgumentException">The name is blank or taken.</exception>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public PipelineBuilder<TIn, TNext> StageByKey<TKey, TNext>(
        string name, Func<TOut, TKey> key, IStage<TOut, TNext> stage, Action<StageOptions> configure)
        where TKey : notnull
    {
        RequireBody(name, stage, nameof(stage));
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configure);
        StageSettings settings = StageSettings.Create(name, configure) with { Order = StageOrder.Completion, IsKeyed = true };
        return Add<TNext>(new StageDefinition<TOut, TNext>(settings, stage, item => key(item).GetHashCode()));
    }

    /// <summary>Adds a stage that never processes two items of one key at the same time, and hands results of one key on in their order.</summary>
    /// <param name="body">Turns an item into a result.</param>
    /// <inheritdoc cref="StageByKey{TKey, TNext}(string, Func{TOut, TKey}, IStage{TOut, TNext}, Action{StageOptions})"/>
    public PipelineBuilder<TIn, TNext> StageByKey<TKey, TNext>(
        string name, Func<TOut, TKey> key, Func<TOut, CancellationToken, ValueTask<TNext>> body, Action<StageOptions> configure)
        where TKey : notnull
    {
        RequireBody(name, body, nameof(body));
        return StageByKey(name, key, new DelegateStage<TOut, TNext>(body), configure);
    }

    /// <summary>Adds the stages of another definition; they are named <c>name/stage</c>.</summary>
    /// <typeparam name="TNext">The results of the other definition.</typeparam>
    /// <param name="name">The name of the group.</param>
    /// <param name="pipeline">The other definition.</param>
    /// <returns>A builder with the stages.</returns>
    /// <exception cref="ArgumentException">A name is blank or taken.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="pipeline"/> is null.</exception>
    public PipelineBuilder<TIn, TNext> Stage<TNext>(string name, StagedPipeline<TOut, TNext> pipeline)
    {
        RequireBody(name, pipeline, nameof(pipeline));
        RequireFreeName(name, []);
        PipelineBuilder<TIn, TNext> result = new(_name, _stages);
        foreach (StageDefinition stage in pipeline.Stages)
            result = result.Add<TNext>(stage.AddPrefix(name));
        return result;
    }

    private static StageSettings SequenceSettings(string name, Action<StageOptions> configure)
    {
        StageSettings settings = StageSettings.Create(name, configure);
        if (settings.ItemTimeout is { } timeout)
        {
            throw new ArgumentException($"Stage '{name}' gives several items for each one and was given an item timeout of {timeout}. " +
                "Its sequences are enumerated as room comes, so there is no time limit for them. Leave StageOptions.ItemTimeout unset, " +
                "and do what may hang in a stage before or behind it.", nameof(configure));
        }

        if (settings.Executor != StageExecutor.Tasks)
        {
            throw new ArgumentException($"Stage '{name}' gives several items for each one and was given an executor. Its sequences are " +
                "enumerated by the run itself. Leave StageOptions.Executor at StageExecutor.Tasks, and do what needs another place in a " +
                "stage before or behind it.", nameof(configure));
        }

        return settings;
    }
}
