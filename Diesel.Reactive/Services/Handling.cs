using System.Net;

namespace Diesel.Reactive;

/// <summary>One connection of a service with the handler that runs for it. It is over when both are.</summary>
internal abstract class Handling(Connection connection, EndPoint? peer, ServiceConnections all) : IConnectionOwner
{
    private ConnectionGuard? _guard;
    private Exception? _peersFault;
    private long _drained = -1;
    private TimeSpan _stalledSince;

    public Connection Connection => connection;

    /// <summary>Whose place it has: as the network says, or the proxy that is trusted; null: nobody's yet.</summary>
    public EndPoint? Peer { get; private set; } = peer;

    /// <summary>Its place among those that linger; null: it is none of them.</summary>
    public LinkedListNode<Handling>? Place { get; set; }

    /// <summary>Its layer still agrees with the peer's, and there is no handler yet.</summary>
    public bool IsOpening { get; private set; }

    protected bool HandlerHasEnded { get; private set; }

    /// <summary>Begins when both sides have agreed; if they cannot, there is no handler.</summary>
    public void Await(ILayer layer, Action<Handling> begin)
    {
        (IsOpening, connection.Life.Owner) = (true, this);
        Opening.Await(connection, layer, () => begin(this), Refuse);
    }

    /// <summary>Takes the place of whoever its proxy says it is; false: that one has all it may, and it is refused.</summary>
    public bool TryEnter()
    {
        if (Peer is null && !all.TryEnter(connection.RemoteEndPoint))
        {
            connection.Abort();
            EndHandler();
            return false;
        }

        Peer ??= connection.RemoteEndPoint;
        return true;
    }

    public void Begin()
    {
        IsOpening = false;
        connection.Life.Owner = this;
        Watch();
        Run();
        if (connection.Life.IsReleased)
        {
            OnReleased();
        }
    }

    /// <summary>The service stops, and the handler has had its time.</summary>
    public void Abort(Exception error)
    {
        _peersFault = connection.Life.Input.IsMidFrame ? error : _peersFault;
        connection.Life.AbortWith(error);
        Kill();
    }

    /// <summary>The service stops: who has begun a frame may finish it, but is not waited for when nothing more comes.</summary>
    public void EndIfStalled(TimeSpan now, TimeSpan patience)
    {
        var input = connection.Life.Input;
        if (!(input.IsMidFrame || IsOpening) || input.ReceivedTotal != _drained)
        {
            (_drained, _stalledSince) = (input.ReceivedTotal, now);
        }
        else if (now - _stalledSince >= patience)
        {
            EndPeers(new TimeoutException($"{connection} was closed: its service was stopped, and for {patience} nothing more came of the frame it had begun."));
        }
    }

    /// <summary>Ends a connection that went past a limit.</summary>
    public void Breaks(Breach breach)
    {
        all.Met(breach.Limit);
        var error = breach.Of(connection);
        if (!breach.Resets)
        {
            EndPeers(error);
            return;
        }

        _peersFault = error;
        connection.Life.AbortWith(error);
    }

    /// <summary>The connection's transport was let go of. A reader is told of the end and ends the handler; a handler that only
    /// pushes has nobody to tell it.</summary>
    public void OnReleased()
    {
        _guard?.Dispose();
        if (connection.Life.IsAbandoned && !IsOpening)
        {
            Unsubscribe();
        }

        EndWhenBothHave();
    }

    // Who has nothing more to say to its peer is not kept for it.
    public void OnHalfClosed()
    {
        if (!IsOpening)
        {
            Watch();
        }
    }

    public void OnOutputEnded() => LingerWhenDone();

    /// <summary>The handler, as errors show it.</summary>
    public override string ToString() => $"handler of {connection}";

    protected abstract void Run();

    /// <summary>Ends a handler that needs no cooperation for it.</summary>
    protected abstract void Unsubscribe();

    protected abstract void Kill();

    // A peer may end or break its connection at any time, and nothing went wrong here. The same errors from elsewhere (a
    // backend that is down) are the handler's own, also while a peer that has ended its side waits for its answer.
    protected bool IsPeersEnd(Exception error) => connection.Life.IsEnding && error switch
    {
        ConnectionException failure => connection.Life.IsOver || Equals(failure.EndPoint, connection.RemoteEndPoint),
        EndOfStreamException or ObjectDisposedException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>The handler threw, or its observable failed.</summary>
    protected void Fail(Exception error)
    {
        if (!HandlerHasEnded && !IsPeersEnd(error))
        {
            connection.Hub.Report(error, ToString(), error == _peersFault ? HubErrorKind.Peer : null);
        }

        EndHandler();
    }

    protected void EndHandler()
    {
        if (!HandlerHasEnded)
        {
            HandlerHasEnded = true;
            connection.Dispose();
            LingerWhenDone();
            EndWhenBothHave();
        }
    }

    private void Watch()
    {
        _guard?.Dispose();
        _guard = connection.Life.HasPeerEnded ? ConnectionGuard.WatchHalf(connection, all.Options, Breaks) : ConnectionGuard.Watch(connection, all.Options, Breaks);
    }

    private void Refuse(Exception error)
    {
        IsOpening = false;
        if (error is TimeoutException && error != _peersFault)
        {
            all.Met(ServiceLimit.HandshakeTimeout);
            _peersFault = error;
        }

        Fail(Opening.WhyOf(error));
    }

    private void EndPeers(TimeoutException error)
    {
        _peersFault = error;
        connection.Life.CloseGracefully(error);
    }

    private void LingerWhenDone()
    {
        if (HandlerHasEnded && connection.Life.Output.IsFinished && !connection.Life.IsReleased)
        {
            all.Linger(this);
        }
    }

    private void EndWhenBothHave()
    {
        if (HandlerHasEnded && connection.Life.IsReleased)
        {
            all.Remove(this);
        }
    }
}
