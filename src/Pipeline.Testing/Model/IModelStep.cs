namespace Pipeline.Testing;

/// <summary>A pending step, without its result type.</summary>
internal interface IModelStep
{
    StepShape Shape { get; }

    bool IsEnabled { get; }

    /// <summary>Gets what the executed step did, for example "read total: 0".</summary>
    string Text { get; }

    void Execute();
}
