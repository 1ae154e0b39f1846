namespace Pipeline.Testing;

/// <summary>One call in a history: from its first step to its last.</summary>
internal sealed class OperationRecord(string caller, string operation, object? argument)
{
    private int _last;

    public string Caller { get; } = caller;

    public string Operation { get; } = operation;

    public object? Argument { get; } = argument;

    /// <summary>Gets the number of its first step; -1 when it took none.</summary>
    public int First { get; private set; } = -1;

    /// <summary>Gets the number of its last step; beyond all others while it has not returned.</summary>
    public int Last { get; private set; } = int.MaxValue;

    public object? Result { get; private set; }

    /// <summary>Gets whether it returned. A call cut off by a crash may have taken effect or not.</summary>
    public bool IsComplete { get; private set; }

    public void Begin(int step)
    {
        if (First < 0)
            First = step;
    }

    public void Extend(int step) => _last = step;

    public void Complete(object? result)
    {
        Result = result;
        Last = _last;
        IsComplete = true;
    }

    public override string ToString() => $"{Caller}: {Operation}({Argument}) -> {(IsComplete ? Result ?? "null" : "?")}";
}
