using System.Net;

namespace Diesel.Reactive;

/// <summary>A connection as it was at one time.</summary>
/// <param name="LocalEndPoint">This side.</param>
/// <param name="RemoteEndPoint">The peer.</param>
/// <param name="WaitsFor">What it waits for: its peer, a reader, the peer's system, its end.</param>
public sealed record ConnectionSnapshot(EndPoint LocalEndPoint, EndPoint RemoteEndPoint, string WaitsFor)
{
    /// <summary>Bytes received so far.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes handed to the system so far.</summary>
    public long SentBytes { get; init; }

    /// <summary>Bytes received that nobody has read.</summary>
    public long UnreadBytes { get; init; }

    /// <summary>Bytes queued that the system has not taken.</summary>
    public long PendingBytes { get; init; }

    /// <summary>Whether the peer has ended its side.</summary>
    public bool HasPeerEnded { get; init; }

    /// <summary>The loop that serves it, and what that waits for; null: its handler is no loop, or it has none.</summary>
    public LoopStatus? Handler { get; init; }

    /// <summary>One line: who with whom, what it waits for, and the numbers that are not zero.</summary>
    public override string ToString() => SnapshotText.Line(
        $"{LocalEndPoint} to {RemoteEndPoint}",
        $"waits for {WaitsFor}",
        Handler is { WaitsFor.Count: > 0 } ? $"its handler waits for {string.Join(", ", Handler.WaitsFor)}" : null,
        SnapshotText.Some(ReceivedBytes, "bytes in"),
        SnapshotText.Some(SentBytes, "bytes out"),
        SnapshotText.Some(UnreadBytes, "unread"),
        SnapshotText.Some(PendingBytes, "pending"),
        HasPeerEnded ? "its peer has ended" : null);

    internal static ConnectionSnapshot Of(Connection connection)
    {
        var life = connection.Life;
        return new(connection.LocalEndPoint, connection.RemoteEndPoint, WaitOf(connection, life))
        {
            ReceivedBytes = life.Input.ReceivedTotal,
            SentBytes = life.Output.SentTotal,
            UnreadBytes = life.Input.Buffered,
            PendingBytes = life.Output.Pending,
            HasPeerEnded = life.HasPeerEnded,
            Handler = connection.Replier?.Status,
        };
    }

    private static string WaitOf(Connection connection, ConnectionLife life) =>
        life.IsUpgrading ? "its layer to open"
        : life.IsOver ? life.Output.Pending > 0 ? "its peer to take the rest" : "its peer's end"
        : life.Output.IsAboveMark ? "its peer to take output"
        : connection.Asker is IPipelineView ? "replies"
        : life.Input.IsMidFrame ? "the rest of a frame"
        : life.Input.IsWaiting ? "a frame"
        : life.Input.HasReader ? "a hold to be let go"
        : life.Output.Pending > 0 ? "output to be taken"
        : "a reader";
}
