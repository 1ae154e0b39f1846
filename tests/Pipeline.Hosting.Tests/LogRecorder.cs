using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Pipeline.Hosting.Tests;

/// <summary>Keeps what the library logs and tells when a line came.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _lines = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Line(eventId.Id).TrySetResult(formatter(state, exception));

    /// <summary>Waits for the first line with an event id of the library.</summary>
    public Task<string> When(int eventId) => Line(eventId).Task;

    private TaskCompletionSource<string> Line(int eventId) =>
        _lines.GetOrAdd(eventId, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
