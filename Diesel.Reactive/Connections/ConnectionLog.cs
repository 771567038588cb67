namespace Diesel.Reactive;

/// <summary>Counts connections, and writes of their beginning and end into the hub's log when somebody reads it. The hub's thread.</summary>
internal static class ConnectionLog
{
    static ConnectionLog() => ConnectionMeter.Begin();

    public static void Opened(Connection connection)
    {
        connection.Hub.Sight.Tally.Opened++;
        if (connection.Hub.Sight.Log.IsObserved)
        {
            connection.Hub.Write(HubLogLevel.Debug, "ConnectionOpened", "{Connection} was opened", null, new KeyValuePair<string, object?>("Connection", connection.ToString()));
        }
    }

    /// <summary>It is over, perhaps not for the first time.</summary>
    public static void Over(Connection connection)
    {
        if (connection.Hub.Sight.Log.IsObserved && connection.Life is { IsOver: false } life)
        {
            var why = life.Output.Failure ?? life.Input.Failure;
            connection.Hub.Write(
                HubLogLevel.Debug,
                "ConnectionClosed",
                "{Connection} is over after {Received} bytes in and {Sent} bytes out: {Reason}",
                null,
                new("Connection", connection.ToString()),
                new("Received", life.Input.ReceivedTotal),
                new("Sent", life.Output.SentTotal),
                new("Reason", why is null ? "" : Label.MessageOf(why)));
        }
    }
}
