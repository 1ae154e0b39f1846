namespace Pipeline.Processes;

/// <summary>Thrown when a handler threw inside a worker process. The worker lives on.</summary>
public sealed class WorkerFunctionException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="WorkerFunctionException"/> class.</summary>
    /// <param name="function">The function that was called.</param>
    /// <param name="remoteType">The full name of the exception's type in the worker.</param>
    /// <param name="remoteMessage">Its message.</param>
    /// <param name="remoteText">Its <c>ToString()</c>, with the stack of the worker.</param>
    public WorkerFunctionException(string function, string remoteType, string remoteMessage, string remoteText)
        : base($"The worker function '{function}' threw {remoteType}: {remoteMessage}")
    {
        Function = function;
        RemoteType = remoteType;
        RemoteMessage = remoteMessage;
        RemoteText = remoteText;
    }

    /// <summary>Gets the function that was called.</summary>
    public string Function { get; }

    /// <summary>Gets the full name of the exception's type in the worker.</summary>
    public string RemoteType { get; }

    /// <summary>Gets the message of the exception in the worker.</summary>
    public string RemoteMessage { get; }

    /// <summary>Gets the text of the exception in the worker, with its inner exceptions and stack.</summary>
    public string RemoteText { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()}{Environment.NewLine}--- in the worker: {RemoteText}";
}
