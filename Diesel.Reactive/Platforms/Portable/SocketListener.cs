using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A listening socket: accepts one after the other, and goes on after errors with a growing pause.</summary>
internal sealed class SocketListener : IHubWait, IListener, IAcceptor
{
    private readonly BoundSocket _listening;
    private readonly Socket _socket;
    private readonly SocketOptions _options;
    private readonly SocketNetwork _network;
    private readonly IHub _hub;
    private readonly Action<ITransport> _accept;
    private readonly SocketAsyncEventArgs _accepting = new(true);
    private readonly AcceptRest _rest;
    private bool _paused;
    private bool _pending;
    private volatile bool _disposed;

    public SocketListener(SocketNetwork network, BoundSocket listening, SocketOptions options, Action<ITransport> accept)
    {
        (_network, _listening, _socket, _options, _hub, _accept) = (network, listening, listening.Socket, options, network.Hub, accept);
        _rest = new AcceptRest(_hub, this);
        _accepting.UserToken = this;
        _accepting.Completed += static (_, e) => ((SocketListener)e.UserToken!).PostAccepted();
        _hub.Invoke(static l => ((SocketListener)l!).AcceptNext(), this);
    }

    public EndPoint LocalEndPoint => _listening.EndPoint;

    public override string ToString() => $"listener {LocalEndPoint}";

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        AcceptNext();
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_hub.Invoke(static l => ((SocketListener)l!).TakeRest(), this))
        {
            CloseUnwanted();
        }
    }

    public void HubEnded(ObjectDisposedException error) => CloseUnwanted();

    // Who is connected already is taken: closing the listener would reset them. Who comes later finds nobody.
    private void TakeRest()
    {
        _listening.Leave();
        _rest.Dispose();
        try
        {
            // Who was there when it was asked may be gone, or be taken by the accept that is under way: then nothing is to wait for the next.
            _socket.Blocking = false;
            for (var i = 0; i < _options.Backlog && !_paused && !_listening.IsHandedOver && _socket.Poll(0, SelectMode.SelectRead); i++)
            {
                Accept(_socket.Accept());
            }
        }
        catch (SocketException)
        {
            // Nobody is left, or there are no descriptors: there is nothing to be done for them.
        }
        finally
        {
            _listening.Dispose();
        }
    }

    private void AcceptNext()
    {
        if (_paused || _disposed || _pending || _rest.IsOn)
        {
            return;
        }

        _pending = true;
        _accepting.AcceptSocket = null;
        try
        {
            if (!_socket.AcceptAsync(_accepting))
            {
                PostAccepted();
            }
        }
        catch (ObjectDisposedException)
        {
            // Stopped meanwhile.
        }
    }

    private void PostAccepted()
    {
        if (!_hub.Post(static l => ((SocketListener)l!).OnAccepted(), this))
        {
            CloseUnwanted();
        }
    }

    // Accepted for a hub that has ended meanwhile.
    private void CloseUnwanted()
    {
        _accepting.AcceptSocket?.Dispose();
        _rest.Dispose();
        _listening.Dispose();
    }

    private void OnAccepted()
    {
        _pending = false;
        var (socket, error) = (_accepting.AcceptSocket, _accepting.SocketError);
        if (_disposed && error != SocketError.Success)
        {
            return;
        }

        if (error == SocketError.Success)
        {
            _rest.Accepted();
            try
            {
                Accept(socket!);
            }
            finally
            {
                _rest.BeginIfShort();
                AcceptNext();
            }
        }
        else if (SocketErrors.IsGoneBeforeAccept(error))
        {
            AcceptNext();
        }
        else
        {
            _rest.Begin(error);
        }
    }

    IDisposable? IAcceptor.OpenSpare() => OpenSpare();

    bool IAcceptor.HasTwoSpares()
    {
        using Socket? first = OpenSpare(), second = OpenSpare();
        return second is not null;
    }

    bool IAcceptor.RefuseOne()
    {
        try
        {
            if (!_socket.Poll(0, SelectMode.SelectRead))
            {
                return false;
            }

            using var refused = _socket.Accept();
            refused.ResetOnClose();
            return true;
        }
        catch (SocketException)
        {
            // The peer is gone, or another thread was faster to take the descriptor: those who are left are refused next time.
            return false;
        }
    }

    void IAcceptor.RestChanged() => AcceptNext();

    private static Socket? OpenSpare()
    {
        try
        {
            return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private void Accept(Socket socket)
    {
        ITransport transport;
        try
        {
            socket.SetNoDelay(_options.NoDelay);
            transport = new SocketTransport(_network, socket);
        }
        catch (SocketException)
        {
            // The peer was gone before anything could be said to it.
            socket.Dispose();
            return;
        }

        _accept(transport);
    }
}
