namespace Diesel.Reactive;

/// <summary>One connection of a service with the handler that runs for it. It is over when both are.</summary>
internal abstract class Handling(Connection connection, TcpServiceOptions options, Action<Handling> ended)
{
    private ConnectionGuard? _guard;

    public Connection Connection => connection;

    protected bool HandlerHasEnded { get; private set; }

    public void Begin()
    {
        _guard = ConnectionGuard.Watch(connection, options);
        connection.Life.Released = OnReleased;
        Run();
        if (connection.Life.IsReleased)
        {
            OnReleased();
        }
    }

    /// <summary>The service stops, and the handler has had its time.</summary>
    public void Abort(Exception error)
    {
        connection.Life.AbortWith(error);
        Kill();
    }

    /// <summary>The connection's transport was let go of. A reader is told of the end and ends the handler; a handler that only
    /// pushes has nobody to tell it.</summary>
    private void OnReleased()
    {
        _guard?.Dispose();
        if (connection.Life.IsAbandoned)
        {
            Unsubscribe();
        }

        EndWhenBothHave();
    }

    /// <summary>The handler, as errors show it.</summary>
    public override string ToString() => $"handler of {connection}";

    protected abstract void Run();

    /// <summary>Ends a handler that needs no cooperation for it.</summary>
    protected abstract void Unsubscribe();

    protected abstract void Kill();

    // A peer may end or break its connection at any time, and nothing went wrong here. The same errors from elsewhere (a
    // backend that is down) are the handler's own.
    protected bool IsPeersEnd(Exception error) => connection.Life.IsEnding
        && error is EndOfStreamException or ConnectionException or ObjectDisposedException or OperationCanceledException;

    protected void EndHandler()
    {
        if (!HandlerHasEnded)
        {
            HandlerHasEnded = true;
            connection.Dispose();
            EndWhenBothHave();
        }
    }

    private void EndWhenBothHave()
    {
        if (HandlerHasEnded && connection.Life.IsReleased)
        {
            ended(this);
        }
    }
}
