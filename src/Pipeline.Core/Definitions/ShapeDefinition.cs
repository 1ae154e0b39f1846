namespace Pipeline.Core;

/// <summary>HoldsItemsBack and checks the branches of one shape while it is being defined.</summary>
internal sealed class ShapeDefinition<T>
{
    private readonly StageSettings _settings;
    private readonly List<BranchDefinition> _branches = [];

    private ShapeDefinition(StageSettings settings) => _settings = settings;

    private string Name => _settings.Name;

    public static ShapeDefinition<T> Create<TIn>(PipelineBuilder<TIn, T> builder, string name, Action<StageOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        return new ShapeDefinition<T>(StageSettings.Create(name, configure));
    }

    public void AddBranch<TResult>(Func<PipelineBuilder<T, T>, PipelineBuilder<T, TResult>> branch, Action<JoinSlot, TResult>? put)
    {
        int number = _branches.Count + 1;
        if (branch is null)
        {
            throw new ArgumentNullException(
                nameof(branch), $"Branch {number} of stage '{Name}' is null. A branch needs a function that adds its stages. Pass b => " +
                "b to hand items on unchanged.");
        }

        PipelineBuilder<T, TResult> built = branch(PipelineBuilder.Start<T>(Name))
            ?? throw new ArgumentException(
                $"Branch {number} of stage '{Name}' returned null. A branch must return the builder with its stages. Return what the " +
                "last call returned.", nameof(branch));
        IEnumerable<StageDefinition> stages = built.Stages.IsEmpty
            ? [new StageDefinition<T, T>(Plain($"pass {number}", _settings.Order), new FunctionStage<T, T>(static item => item))]
            : built.Stages;
        _branches.Add(new BranchDefinition<TResult>([.. stages.Select(stage => stage.AddPrefix(Name))], put));
    }

    public PipelineBuilder<TIn, TNext> Broadcast<TIn, TNext>(PipelineBuilder<TIn, T> builder)
    {
        RequireBroadcast();
        RequireMatchingResults(_settings.Order == StageOrder.Input, "keeps the input order",
            "Set StageOptions.Order of the shape to Completion, or move that stage behind it.");
        return Add<TIn, TNext>(builder, new BranchingDefinition<T>(BranchingSettings, [.. _branches], route: null, createSlot: null),
            Merge<TNext>());
    }

    public PipelineBuilder<TIn, TNext> Join<TIn, TNext>(
        PipelineBuilder<TIn, T> builder, Func<JoinSlot> createSlot, Func<JoinSlot, TNext> join)
    {
        RequireBroadcast();
        RequireMatchingResults(true, "joins the results of each item", "Move that stage behind the shape, or use Broadcast.");
        StageDefinition end = new StageDefinition<JoinSlot, TNext>(_settings with { Name = $"{Name}/join" }, new JoinStage<TNext>(join));
        return Add<TIn, TNext>(builder, new BranchingDefinition<T>(BranchingSettings, [.. _branches], route: null, createSlot), end);
    }

    public PipelineBuilder<TIn, TNext> Route<TIn, TNext>(PipelineBuilder<TIn, T> builder, Func<T, int> find)
    {
        RequireMatchingResults(_settings.Order == StageOrder.Input, "keeps the input order",
            "Set StageOptions.Order of the shape to Completion, or move that stage behind it.");
        return Add<TIn, TNext>(builder, new BranchingDefinition<T>(BranchingSettings, [.. _branches], find, createSlot: null),
            Merge<TNext>());
    }

    private StageSettings BranchingSettings => Plain(Name, _settings.Order) with { OnFailure = _settings.OnFailure };
    private StageDefinition<TNext, TNext> Merge<TNext>() =>
        new(Plain($"{Name}/merge", _settings.Order), new FunctionStage<TNext, TNext>(static result => result));

    private StageSettings Plain(string name, StageOrder order) => new(name, Workers: 1, _settings.Capacity, order, FailurePolicy.Stop);

    private static PipelineBuilder<TIn, TNext> Add<TIn, TNext>(
        PipelineBuilder<TIn, T> builder, StageDefinition split, StageDefinition end) => builder.Add<T>(split).Add<TNext>(end);

    private void RequireBroadcast()
    {
        if (_branches.Count < 2)
        {
            throw new ArgumentException($"Stage '{Name}' was given {_branches.Count} branches. A broadcast needs 2 or more. Add " +
                "another, or add the stages without a broadcast.");
        }

        if (typeof(T).IsAssignableTo(typeof(IShareable)))
            return;
        if (typeof(T).IsAssignableTo(typeof(IDisposable)) || typeof(T).IsAssignableTo(typeof(IAsyncDisposable)))
        {
            throw new ArgumentException($"Stage '{Name}' would give each {typeof(T).Name} to {_branches.Count} branches. It is " +
                "disposable, and several owners would dispose it several times. Make the stage before return new " +
                $"Shared<{typeof(T).Name}>(item).");
        }
    }

    private void RequireMatchingResults(bool isRequired, string what, string nextStep)
    {
        StageDefinition? stage = isRequired
            ? _branches.SelectMany(static branch => branch.Stages).FirstOrDefault(static stage => !stage.GivesOnePerItem) : null;
        if (stage is not null)
        {
            throw new ArgumentException($"Stage '{Name}' {what}, but stage '{stage.Settings.Name}' of a branch does not give one result " +
                $"for one item. {nextStep}");
        }
    }
}
