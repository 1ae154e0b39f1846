namespace Pipeline.Core;

/// <summary>The order in which a stage hands on its results.</summary>
public enum StageOrder
{
    /// <summary>In the order of the source: a result waits until all earlier ones have been handed on.</summary>
    Input,

    /// <summary>As they are completed: nothing waits for a slow item.</summary>
    Completion,
}
