namespace Diesel.Reactive;

/// <summary>One connection of a service with the loop that handles it: they end together.</summary>
internal sealed class Handling(Connection connection, TcpServiceOptions options)
{
    private Loop? _loop;
    private ConnectionGuard? _guard;

    public Connection Connection => connection;

    public void Begin(LoopBody handler)
    {
        _guard = ConnectionGuard.Watch(connection, options);
        connection.Released += End;
        _loop = Loop.Begin(connection.Hub, handler with { Name = this, IsExpected = IsPeersEnd }, loop => connection.Handler = loop);
        _loop.Subscribe(static _ => { }, _ => connection.Dispose(), connection.Dispose);
    }

    public void Abort(Exception error)
    {
        connection.AbortWith(error);
        _loop?.Dispose();
    }

    /// <summary>The handler, as errors show it.</summary>
    public override string ToString() => $"handler of {connection}";

    // The peer may end or break its connection at any time: the handler is over, and nothing went wrong here.
    private static bool IsPeersEnd(Exception error) =>
        error is EndOfStreamException or ConnectionException or ObjectDisposedException or OperationCanceledException;

    private void End() => _guard?.Dispose();
}
