using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A connected socket. The system tells the thread pool that it is ready; reading and writing happen on the hub.</summary>
/// <remarks>
/// A receive of zero bytes waits for readiness without a buffer, so an idle connection holds none, and the hub's thread
/// then reads straight into the hub's slab.
/// </remarks>
internal sealed class SocketTransport : IReceivesAtOnce, ISendsLater
{
    private const int MostReadAtTheEnd = 16 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly SocketNetwork _network;
    private readonly Readiness _readiness;
    private readonly EndWatch _endWatch;
    private BackgroundSend? _background;
    private ITransportHandler? _handler;
    private ChunkRoom _room;
    private bool _wanted;
    private bool _readable;
    private bool _endWaitsForSend;
    private bool _ended;
    private bool _endIsKnown;
    private bool _closed;
    private SocketError? _lost;

    public SocketTransport(SocketNetwork network, Socket socket)
    {
        (_network, _socket, LocalEndPoint, RemoteEndPoint) = (network, socket, socket.LocalEndPoint ?? EndPoints.Unnamed, socket.RemoteEndPoint!);
        (_room, socket.Blocking) = (new ChunkRoom(network.Slab), false);
        _readiness = new Readiness(socket, PostReady);
        _endWatch = new EndWatch(network.Hub, LookOn);
    }

    public EndPoint LocalEndPoint { get; }

    public EndPoint RemoteEndPoint { get; }

    public long UntakenBytes => _closed ? 0 : TcpSystem.Untaken((int)_socket.Handle, RemoteEndPoint);

    public int Uncounted => _background?.Uncounted ?? 0;

    public override string ToString() => EndPoints.Connection(LocalEndPoint, RemoteEndPoint);

    public T? Feature<T>()
        where T : class => this as T ?? (_closed ? null : UnixSystem.Feature<T>(RemoteEndPoint, _socket.Handle));

    public void Start(ITransportHandler handler)
    {
        (var isFirst, _handler) = (_handler is null, handler);
        if (isFirst && !_closed)
        {
            _readiness.Await();
        }
    }

    public void Receive() => Receive(default);

    public void Receive(Memory<byte> room)
    {
        _room.Give(room);
        _wanted = true;
        if (_readable && !_closed)
        {
            _readable = false;
            _readiness.Begin();
        }
    }

    public void Discard()
    {
        _room.Discard();
        Receive();
    }

    public int Send(ReadOnlySpan<byte> bytes) => _closed ? 0 : Sent(_socket.SendNow(bytes, out var rest, out var error), rest, error);

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments) =>
        _closed ? 0 : Sent(_network.Segments.Send(_socket, segments, out var rest, out var error), rest, error);

    // When the connection failed in this very moment, the receiving side tells.
    public void ShutdownSend() => _ = !_closed && _socket.TryShutdown(SocketShutdown.Send);

    public void Close()
    {
        if (_closed)
        {
            return;
        }

        // .NET resets a socket that is disposed while it waits for something. Ended, it waits no longer, and is disposed then; one
        // with unread bytes is to be reset.
        _closed = true;
        if (_background is { IsUnderWay: true } || !_readiness.IsAwaited || _socket.Available > 0 || !_socket.TryShutdown(SocketShutdown.Both))
        {
            Release();
        }
    }

    public void Abort()
    {
        if (!_closed)
        {
            _socket.ResetOnClose();
            _closed = true;
            Release();
        }
    }

    private int Sent(int taken, ReadOnlySpan<byte> rest, SocketError error)
    {
        if (error != SocketError.Success)
        {
            _lost = SocketErrors.Cause(_lost, error);
            _network.Hub.Post(static t => ((SocketTransport)t!).ReadRest(), this);
        }
        else if (!rest.IsEmpty)
        {
            _background ??= new BackgroundSend(_socket, () => _network.Hub.Post(static t => ((SocketTransport)t!).OnSent(), this));
            _background.Start(rest);
        }

        return taken;
    }

    private void Release()
    {
        _socket.Dispose();
        _readiness.Dispose();
        _endWatch.Dispose();
    }

    private void PostReady()
    {
        if (!_network.Hub.Post(static t => ((SocketTransport)t!).OnReady(), this))
        {
            _socket.Dispose(); // A hub that has ended runs nothing more.
        }
    }

    private void OnReady()
    {
        var error = _readiness.Finish();
        if (_closed)
        {
            Release();
            return;
        }

        _lost = SocketErrors.Cause(_lost, error);
        Look();
    }

    // When nobody reads, the bytes are left to the kernel, but a reset and the peer's end are told.
    private void Look()
    {
        var free = _room.Free().Span;
        var count = _wanted ? _socket.Receive(free, SocketFlags.None, out var error) : _socket.Receive(free[..1], SocketFlags.Peek, out error);
        if (SocketErrors.WouldBlock(error))
        {
            _readiness.Await();
        }
        else if (error != SocketError.Success)
        {
            Fail(error);
        }
        else if (count > 0 && _wanted)
        {
            ReceivedOne(_room.Take(count));
        }
        else if (count > 0)
        {
            _readable = true;
            _endWatch.Begin();
        }
        else if (IsCleanEnd())
        {
            Ended();
        }
    }

    // The handler usually wants more at once; armed after it ran, so that one receive is under way at most.
    private void ReceivedOne(ReadOnlyMemory<byte> chunk)
    {
        _wanted = false;
        _handler!.OnReceived(chunk);
        if (!_closed)
        {
            _readiness.Await();
        }
    }

    // The system tells an error once, to whoever asks first: to the next one the rest looks like a FIN.
    private bool IsCleanEnd()
    {
        if (_lost is { } lost and not SocketError.Shutdown)
        {
            Fail(lost);
            return false;
        }

        // A send that waits for room ends soon if there is room or the connection is broken: it says which, as a wait for readiness does.
        _endWaitsForSend = _background is { IsUnderWay: true } && _socket.Poll(0, SelectMode.SelectWrite);
        return !_endWaitsForSend && !_readiness.IsAwaited;
    }

    // A reset that comes behind the FIN shows nowhere but in the socket's error.
    private void Ended()
    {
        if (!_ended)
        {
            (_ended, _wanted) = (true, false);
            _handler!.OnReceived(default);
        }

        if (!_closed && (_lost ?? _socket.TakeError()) is var error and not SocketError.Success)
        {
            Fail(error);
        }
        else if (!_closed)
        {
            _endWatch.Begin();
        }
    }

    private bool LookOn()
    {
        if (_closed || !(_readable || _ended))
        {
            return false;
        }

        if (_socket.TakeError() is var error and not SocketError.Success)
        {
            _lost = SocketErrors.Cause(_lost, error);
            ReadRest();
        }
        else if (!_ended && !_endIsKnown && TcpSystem.HasPeerEnded((int)_socket.Handle))
        {
            _endIsKnown = true;
            _handler!.OnPeerEnded();
        }

        return !_closed;
    }

    private void OnSent()
    {
        var (sent, error) = _background!.Finish();
        if (_closed)
        {
            _background.Dispose();
        }
        else if (error == SocketError.Success)
        {
            _handler!.OnWritable(sent);
            if (_endWaitsForSend && !_closed)
            {
                _endWaitsForSend = false;
                Look();
            }
        }
        else
        {
            _lost = SocketErrors.Cause(_lost, error);
            ReadRest();
        }
    }

    // The connection is broken: what arrived before is still there, and comes before the error.
    private void ReadRest()
    {
        for (int received = 0, count; received < MostReadAtTheEnd && !_closed; received += count)
        {
            count = _socket.Receive(_room.Free().Span, SocketFlags.None, out var error);
            if (error != SocketError.Success || count == 0)
            {
                break;
            }

            _handler!.OnReceived(_room.Take(count));
        }

        if (!_closed && IsCleanEnd())
        {
            Ended();
        }
    }

    private void Fail(SocketError error)
    {
        Close();
        _handler!.OnFailed(SocketErrors.Lost(LocalEndPoint, RemoteEndPoint, error));
    }
}
