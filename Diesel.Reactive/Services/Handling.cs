namespace Diesel.Reactive;

/// <summary>One connection of a service with the loop that handles it. It is over when both are.</summary>
internal sealed class Handling(Connection connection, TcpServiceOptions options)
{
    private Action<Handling> _ended = null!;
    private Loop? _loop;
    private ConnectionGuard? _guard;
    private bool _loopEnded;

    public Connection Connection => connection;

    public void Begin(LoopBody handler, Action<Handling> ended)
    {
        _ended = ended;
        _guard = ConnectionGuard.Watch(connection, options);
        connection.Released += OnReleased;
        var body = handler with { Name = this, IsExpected = IsPeersEnd };
        _loop = Loop.Begin(connection.Hub, body, loop => connection.Handler = loop);
        _loop.Subscribe(static _ => { }, _ => OnLoopEnded(), OnLoopEnded);
        if (connection.IsReleased)
        {
            OnReleased();
        }
    }

    public void Abort(Exception error)
    {
        connection.AbortWith(error);
        _loop?.Dispose();
    }

    /// <summary>The handler, as errors show it.</summary>
    public override string ToString() => $"handler of {connection}";

    // A peer may end or break its connection at any time, and nothing went wrong here. The same errors from elsewhere (a
    // backend that is down) are the handler's own.
    private bool IsPeersEnd(Exception error) => connection.IsEnding
        && error is EndOfStreamException or ConnectionException or ObjectDisposedException or OperationCanceledException;

    // A reader is told of the end and ends the handler. One that only pushes has nobody to tell it.
    private void OnReleased()
    {
        _guard?.Dispose();
        if (_loop is { IsUnsubscribable: true } && connection.IsAbandoned)
        {
            _loop.Dispose();
        }

        EndWhenBothHave();
    }

    private void OnLoopEnded()
    {
        _loopEnded = true;
        connection.Dispose();
        EndWhenBothHave();
    }

    private void EndWhenBothHave()
    {
        if (_loopEnded && connection.IsReleased)
        {
            _ended(this);
        }
    }
}
