using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Pipeline.Processes.Tests;

/// <summary>Keeps log lines.</summary>
public sealed class RecordingLogger : ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

    /// <summary>Raised after each line, on the thread that wrote it.</summary>
    internal event Action? Written;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Lines.Enqueue((logLevel, formatter(state, exception)));
        Written?.Invoke();
    }

    /// <summary>Waits until a condition holds, which is asked now and after each line.</summary>
    public async Task WhenAsync(Func<bool> condition)
    {
        TaskCompletionSource holds = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Ask()
        {
            if (condition())
                holds.TrySetResult();
        }

        Written += Ask;
        Ask();
        await holds.Task;
        Written -= Ask;
    }
}
