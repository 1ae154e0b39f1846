namespace Pipeline.Processes;

/// <summary>Thrown when a call did not end within its deadline; its worker process was killed and replaced.</summary>
public sealed class WorkerTimeoutException : TimeoutException
{
    internal WorkerTimeoutException(string function, string? item, TimeSpan deadline, int processId)
        : base(
            $"{(item is null ? $"A call of '{function}'" : $"'{item}' (function '{function}')")} ran longer than its deadline of "
                + $"{deadline.TotalSeconds:0.###} s; "
            + $"worker process {processId} was killed. Raise WorkerCallOptions.Deadline if the work can take that long.")
    {
        Function = function;
        Item = item;
        Deadline = deadline;
    }

    /// <summary>Gets the function that was called.</summary>
    public string Function { get; }

    /// <summary>Gets what the caller said the call was about.</summary>
    public string? Item { get; }

    /// <summary>Gets the deadline.</summary>
    public TimeSpan Deadline { get; }
}
