using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogEntries : ILoggerProvider, ILogger
{
    private string _category = "";

    public System.Collections.Concurrent.ConcurrentQueue<(string Category, LogLevel Level, EventId Id, string Text, Exception? Error, IReadOnlyList<KeyValuePair<string, object?>> Values)> All { get; } = [];

    public ILogger CreateLogger(string categoryName)
    {
        _category = categoryName;
        return this;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Enqueue((_category, logLevel, eventId, formatter(state, exception), exception, (IReadOnlyList<KeyValuePair<string, object?>>)state!));

    public void Dispose()
    {
    }
}
