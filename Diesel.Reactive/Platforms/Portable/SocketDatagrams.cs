using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A datagram socket of the system's. One receive waits in the background; what else is there is read on the hub.</summary>
internal sealed class SocketDatagrams : IDatagramTransport
{
    private const int LargestDatagram = 65535;
    private const int ReadsPerTurn = 64;

    private readonly BoundSocket _bound;
    private readonly Socket _socket;
    private readonly EndPoint? _remote;
    private readonly IHub _hub;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram);
    private readonly SocketAsyncEventArgs _receiving = new(true);
    private readonly SocketAddress _sender;
    private readonly int _addressLength;
    private readonly EndPoint _any;
    private readonly bool _isUnix;
    private readonly SystemMulticast? _multicast;
    private Action<Datagram> _received = null!;
    private Action<Exception> _failed = null!;
    private bool _closed;

    public SocketDatagrams(BoundSocket bound, EndPoint? remote, IHub hub)
    {
        (_bound, _socket, _remote, _hub) = (bound, bound.Socket, remote, hub);
        LocalEndPoint = bound.EndPoint;
        _isUnix = LocalEndPoint.IsUnix();
        _multicast = _isUnix ? null : new SystemMulticast(_socket);
        _sender = new SocketAddress(_socket.AddressFamily);
        _addressLength = _sender.Size;
        _any = _isUnix ? EndPoints.Unnamed : new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        _receiving.SetBuffer(_buffer, 0, _isUnix ? 1 : LargestDatagram);
        _receiving.UserToken = this;
        _receiving.Completed += static (_, e) => ((SocketDatagrams)e.UserToken!).PostReceived();
    }

    public EndPoint LocalEndPoint { get; }

    public override string ToString() => $"datagram socket {LocalEndPoint}";

    public bool IsOwn(EndPoint endPoint) => OwnAddresses.IsOwn(LocalEndPoint, endPoint);

    public T? Feature<T>()
        where T : class => this as T ?? (_closed ? null : _multicast as T);

    public void Start(Action<Datagram> received, Action<Exception> failed)
    {
        (_received, _failed) = (received, failed);
        ReceiveNext();
    }

    public void Send(Datagram datagram)
    {
        if (_closed)
        {
            return;
        }

        if (_isUnix && UnixDatagrams.WhyNot(datagram, _remote) is { } why)
        {
            _failed(why);
            return;
        }

        try
        {
            SendOrTellRefusal(datagram);
        }
        catch (SocketException error) when (SocketErrors.WouldBlock(error.SocketErrorCode) && !_isUnix)
        {
            // A full kernel throws datagrams away, as the network would.
        }
        catch (SocketException error)
        {
            _failed(SocketErrors.NotSent(datagram, error.SocketErrorCode));
        }
    }

    public void Close()
    {
        _closed = true;
        _bound.Dispose();
    }

    // That an earlier datagram was refused is told by the next call, which then has sent nothing.
    private void SendOrTellRefusal(Datagram datagram)
    {
        try
        {
            SendNow(datagram);
        }
        catch (SocketException error) when (SocketErrors.IsRefusal(error.SocketErrorCode) && !_isUnix)
        {
            _failed(SocketErrors.NotReceived(LocalEndPoint, error.SocketErrorCode));
            if (!_closed)
            {
                SendNow(datagram);
            }
        }
    }

    private void SendNow(Datagram datagram) => _ = _remote is null
        ? _socket.SendTo(datagram.Payload.Span, SocketFlags.None, datagram.RemoteEndPoint)
        : _socket.Send(datagram.Payload.Span, SocketFlags.None);

    private void ReceiveNext()
    {
        if (_closed)
        {
            return;
        }

        try
        {
            // A Unix socket need not have an address, which .NET expects here: that one is there is all that is asked.
            (_receiving.RemoteEndPoint, _receiving.SocketFlags) = _isUnix ? (null, SocketFlags.Peek) : (_any, SocketFlags.None);
            if (!(_isUnix ? _socket.ReceiveAsync(_receiving) : _socket.ReceiveFromAsync(_receiving)))
            {
                PostReceived();
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
        catch (SocketException error)
        {
            _failed(SocketErrors.NotReceived(LocalEndPoint, error.SocketErrorCode));
            _hub.Post(static s => ((SocketDatagrams)s!).ReceiveNext(), this);
        }
    }

    private void PostReceived() => _hub.Post(static s => ((SocketDatagrams)s!).OnReceived(), this);

    private void OnReceived()
    {
        if (_closed)
        {
            return;
        }

        if (_receiving.SocketError == SocketError.Success && _isUnix)
        {
            ReadOne();
        }
        else if (_receiving.SocketError == SocketError.Success)
        {
            _received(new Datagram(Copy(_receiving.BytesTransferred), _receiving.RemoteEndPoint!));
        }
        else
        {
            _failed(SocketErrors.NotReceived(LocalEndPoint, _receiving.SocketError));
        }

        for (var i = 0; i < ReadsPerTurn && !_closed && _socket.Available > 0; i++)
        {
            ReadOne();
        }

        ReceiveNext();
    }

    private void ReadOne()
    {
        try
        {
            _sender.Size = _addressLength;
            var count = _socket.ReceiveFrom(_buffer, SocketFlags.None, _sender);
            var sender = _isUnix ? _remote ?? UnixSystem.EndPointOf(_sender.Buffer.Span[.._sender.Size]) ?? EndPoints.Unnamed : _any.Create(_sender);
            if (count == LargestDatagram)
            {
                _failed(SocketErrors.CutOff(LocalEndPoint, sender));
                return;
            }

            _received(new Datagram(Copy(count), sender));
        }
        catch (SocketException error) when (SocketErrors.WouldBlock(error.SocketErrorCode))
        {
            // Another look than ours saw it first (a checksum failed): nothing is there.
        }
        catch (SocketException error)
        {
            _failed(SocketErrors.NotReceived(LocalEndPoint, error.SocketErrorCode));
        }
    }

    private byte[] Copy(int count) => _buffer.AsSpan(0, count).ToArray();
}
