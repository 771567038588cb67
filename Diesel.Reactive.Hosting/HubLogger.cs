using System.Collections;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Hosting;

/// <summary>A hub's log in the program's.</summary>
public static class HubLogger
{
    internal const string Category = "Diesel.Reactive";

    /// <summary>Writes records to a logger, with their values apart and the name of their kind as the event's.</summary>
    /// <param name="log">As <see cref="HubLogging.Log"/> gives it.</param>
    /// <param name="loggers">Makes the logger, whose category is <c>Diesel.Reactive</c>.</param>
    /// <returns>Stops writing.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>On the hub's thread: a logger should not block, as those of .NET do not. One that throws gets no more.</remarks>
    public static IDisposable WriteTo(this IObservable<HubLogRecord> log, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(loggers);
        return log.Subscribe(new Writer(loggers.CreateLogger(Category)));
    }

    private static LogLevel LevelOf(HubLogLevel level) => level switch
    {
        HubLogLevel.Debug => LogLevel.Debug,
        HubLogLevel.Information => LogLevel.Information,
        HubLogLevel.Warning => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private sealed class Writer(ILogger logger) : IObserver<HubLogRecord>
    {
        public void OnNext(HubLogRecord value)
        {
            var level = LevelOf(value.Level);
            if (logger.IsEnabled(level))
            {
                logger.Log(level, new EventId(0, value.Event), new State(value), value.Exception, static (state, _) => state.ToString());
            }
        }

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }

    // What structured loggers look for: the values, and last the template.
    private sealed class State(HubLogRecord record) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => record.Values.Count + 1;

        public KeyValuePair<string, object?> this[int index] =>
            index < record.Values.Count ? record.Values[index] : new("{OriginalFormat}", record.Template);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => record.Message;
    }
}
