namespace Diesel.Reactive.Inspector;

/// <summary>A snapshot as the page reads it.</summary>
internal static class PageState
{
    /// <summary>What is written as JSON.</summary>
    public static object Of(HubSnapshot hub, IEnumerable<LiveRow> rows) => new
    {
        t = "state",
        hub = new
        {
            name = hub.Name, age = hub.Age.TotalSeconds, turns = hub.Turns, queued = hub.Queued, timers = hub.TimerCount, loops = hub.LoopCount,
            connections = hub.ConnectionCount, longest = hub.LongestTurn?.TotalMilliseconds,
        },
        connections = hub.Connections.Select(static one => new
        {
            local = $"{one.LocalEndPoint}", remote = $"{one.RemoteEndPoint}", received = one.ReceivedBytes, sent = one.SentBytes,
            pending = one.PendingBytes, unread = one.UnreadBytes, waits = one.WaitsFor,
        }),
        loops = hub.Loops.Roots.SelectMany(static loop => Loops(loop, 0)),
        services = hub.Services.Select(static one => new { name = $"{one.Name} {one.EndPoint}", counts = $"{one.Counts}" }),
        pools = hub.Pools.Select(static one => new { name = one.Name, counts = $"{one.Counts}" })
            .Concat(hub.Pipelines.Select(static one => new { name = $"pipeline to {one.RemoteEndPoint}", counts = $"{one.Counts}" })),
        rows = rows.Select(static row => new { id = row.Id, name = row.Name, isConnection = row.IsConnection }),
    };

    private static IEnumerable<object> Loops(LoopStatus loop, int depth) => loop.Children.SelectMany(child => Loops(child, depth + 1)).Prepend(new
    {
        name = loop.Name, depth, state = $"{loop.State}", waits = string.Join(", ", loop.WaitsFor), time = loop.HubTime.TotalMilliseconds,
    });
}
