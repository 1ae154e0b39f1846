namespace Pipeline.Core;

/// <summary>Describes a pipeline stage by stage. Immutable: each call returns a new builder, and earlier ones stay usable.</summary>
/// <typeparam name="TIn">The items that the source will give.</typeparam>
/// <typeparam name="TOut">What the last stage so far gives.</typeparam>
/// <remarks>Thread-safe, because nothing changes.</remarks>
public sealed partial class PipelineBuilder<TIn, TOut>
{
    private readonly string _name;
    private readonly ImmutableArray<StageDefinition> _stages;

    internal PipelineBuilder(string name, ImmutableArray<StageDefinition> stages)
    {
        _name = name;
        _stages = stages;
    }

    /// <summary>Adds a stage with default options whose body is a function.</summary>
    /// <typeparam name="TNext">The results of the stage.</typeparam>
    /// <param name="name">The stage's name, unique in the pipeline.</param>
    /// <param name="body">Turns an item into a result. Once it returned, it has taken over the item: a disposable one is inside the result or disposed.</param>
    /// <returns>A builder with the stage.</returns>
    /// <exception cref="ArgumentException">The name is blank or taken.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public PipelineBuilder<TIn, TNext> Stage<TNext>(string name, Func<TOut, TNext> body) => Stage(name, body, static _ => { });

    /// <summary>Adds a stage whose body is a function.</summary>
    /// <param name="configure">Sets the stage's options.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="Stage{TNext}(string, Func{TOut, TNext})"/>
    public PipelineBuilder<TIn, TNext> Stage<TNext>(string name, Func<TOut, TNext> body, Action<StageOptions> configure)
    {
        RequireBody(name, body, nameof(body));
        return Stage(name, new FunctionStage<TOut, TNext>(body), configure);
    }

    /// <summary>Adds a stage with default options whose body is an asynchronous function.</summary>
    /// <inheritdoc cref="Stage{TNext}(string, Func{TOut, TNext})"/>
    public PipelineBuilder<TIn, TNext> Stage<TNext>(string name, Func<TOut, CancellationToken, ValueTask<TNext>> body) =>
        Stage(name, body, static _ => { });

    /// <summary>Adds a stage whose body is an asynchronous function.</summary>
    /// <inheritdoc cref="Stage{TNext}(string, Func{TOut, TNext}, Action{StageOptions})"/>
    public PipelineBuilder<TIn, TNext> Stage<TNext>(
        string name, Func<TOut, CancellationToken, ValueTask<TNext>> body, Action<StageOptions> configure)
    {
        RequireBody(name, body, nameof(body));
        return Stage(name, new DelegateStage<TOut, TNext>(body), configure);
    }

    /// <summary>Adds a stage object with default options.</summary>
    /// <typeparam name="TNext">The results of the stage.</typeparam>
    /// <param name="name">The stage's name, unique in the pipeline.</param>
    /// <param name="stage">The stage; it may be used by several pipelines.</param>
    /// <returns>A builder with the stage.</returns>
    /// <exception cref="ArgumentException">The name is blank or taken.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="stage"/> is null.</exception>
    public PipelineBuilder<TIn, TNext> Stage<TNext>(string name, IStage<TOut, TNext> stage) => Stage(name, stage, static _ => { });

    /// <summary>Adds a stage object.</summary>
    /// <param name="configure">Sets the stage's options.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="Stage{TNext}(string, IStage{TOut, TNext})"/>
    public PipelineBuilder<TIn, TNext> Stage<TNext>(string name, IStage<TOut, TNext> stage, Action<StageOptions> configure)
    {
        RequireBody(name, stage, nameof(stage));
        ArgumentNullException.ThrowIfNull(configure);
        return Add<TNext>(new StageDefinition<TOut, TNext>(StageSettings.Create(name, configure), stage));
    }

    /// <summary>Makes the definition.</summary>
    /// <returns>An immutable definition that can be run any number of times.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has no stages.</exception>
    public StagedPipeline<TIn, TOut> Build()
    {
        if (_stages.IsEmpty)
        {
            throw new InvalidOperationException(
                $"Pipeline '{_name}' has no stages. A pipeline needs at least one. Add it with Stage before Build.");
        }

        return new StagedPipeline<TIn, TOut>(_name, _stages);
    }

    internal ImmutableArray<StageDefinition> Stages => _stages;

    internal PipelineBuilder<TIn, TNext> Add<TNext>(StageDefinition stage)
    {
        HashSet<string> names = [.. _stages.SelectMany(static other => other.Names)];
        foreach (string name in stage.Names)
            RequireFreeName(name, names);
        return new PipelineBuilder<TIn, TNext>(_name, _stages.Add(stage));
    }

    private static void RequireBody(string name, object? body, string parameter)
    {
        if (body is null)
        {
            throw new ArgumentNullException(
                parameter, $"Stage '{name}' was given no body. A stage needs a function or a stage object. Pass it to Stage.");
        }
    }

    private void RequireFreeName(string name, HashSet<string> names)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException($"A stage of pipeline '{_name}' was given a blank name. Stages need names for reports and " +
                "errors. Pass one to Stage.", nameof(name));
        }

        if (!names.Add(name))
        {
            throw new ArgumentException($"Pipeline '{_name}' has a stage '{name}' already. Stage names must be unique in a pipeline. " +
                "Choose another name.", nameof(name));
        }
    }
}
