using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Sockets to one server. Each query has one alone, and a port that no query before it had: one that is given back loses its port with the turn, and is
/// given another when it is used again. On the hub.</summary>
internal sealed class DnsPorts(DnsServer server, DnsClient client) : IDisposable
{
    // Of more queries at a time than that, the others open and close.
    private const int MostSpare = 256;

    private static readonly IPEndPoint AnyV4 = new(IPAddress.Any, 0);
    private static readonly IPEndPoint AnyV6 = new(IPAddress.IPv6Any, 0);

    // Who asks one thing after the other does not wait until the port of the last is left; where many ask at a time
    // there is no wait to fill, and as many sockets again would be kept.
    private const int MostLeaving = 2;

    // So many at most stay without a port for a while before they are used again.
    private const int MostResting = 128;

    // The one that was given back first is used first: by then the hub has looked whether something had come for the query before, and need not look again.
    private readonly Queue<DnsPort> _spare = new();
    private int _leaving;
    private DateTimeOffset _turn = DateTimeOffset.MaxValue;
    private IPAddress? _localAddress;
    private bool _isDisposed;

    /// <summary>Sockets that wait to be used again.</summary>
    public int Spare => _spare.Count;

    /// <summary>A socket with a port of its own.</summary>
    /// <exception cref="ConnectionException">There is no way to the server.</exception>
    public DnsPort Take(DnsDatagram user)
    {
        if (_spare.Count >= Math.Min(client.Running, MostResting) && _spare.TryDequeue(out var spare))
        {
            try
            {
                spare.Begin(user);
                return spare;
            }
            catch
            {
                spare.Dispose();
                throw;
            }
        }

        var any = server.EndPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? AnyV6 : AnyV4;
        return new DnsPort(this, client.Hub.Network.Bind(any, server.EndPoint, client.Socket), user);
    }

    /// <summary>From where one of them sends; null: the network does not tell. It is asked once in a turn.</summary>
    public IPAddress? LocalAddressOf(DnsPort port)
    {
        if (client.Hub.TurnTime is var turn && turn != _turn)
        {
            (_turn, _localAddress) = (turn, port.LocalAddress);
        }

        return _localAddress;
    }

    /// <summary>Whether one that nobody uses may be used again.</summary>
    public bool IsOpen => !_isDisposed && _spare.Count < MostSpare;

    /// <summary>One is given back. Whether its port is to be left at once.</summary>
    public bool Leaves() => ++_leaving > MostLeaving;

    /// <summary>One has left its port. Whether it will be used again.</summary>
    public bool TryKeep(DnsPort port, bool mayTakeAnother)
    {
        _leaving--;
        if (!mayTakeAnother || !IsOpen)
        {
            return false;
        }

        _spare.Enqueue(port);
        return true;
    }

    /// <summary>Nobody asks just now.</summary>
    public void Tidy()
    {
        while (_spare.TryDequeue(out var port))
        {
            port.Dispose();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        Tidy();
    }
}

/// <summary>A socket that one query has.</summary>
internal sealed class DnsPort : IDisposable
{
    private readonly DnsPorts _ports;
    private readonly IDatagramTransport _socket;
    private readonly IRenewsPort? _renewing;
    private readonly Action<bool> _left;
    private DnsDatagram? _user;

    public DnsPort(DnsPorts ports, IDatagramTransport socket, DnsDatagram user)
    {
        (_ports, _socket, _renewing, _user) = (ports, socket, socket.Feature<IRenewsPort>(), user);
        _left = Left;
        socket.Start(Received, Failed);
    }

    /// <summary>From where it sends; null: the network does not tell.</summary>
    public IPAddress? LocalAddress =>
        (_renewing?.LocalAddress ?? (_socket.LocalEndPoint as IPEndPoint)?.Address) is { } address && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? address : null;

    public void Begin(DnsDatagram user)
    {
        _renewing!.TakePort();
        _user = user;
    }

    public void Send(ReadOnlySpan<byte> query, IPEndPoint server)
    {
        if (_renewing is null)
        {
            _socket.Send(new Datagram(query.ToArray(), server));
        }
        else
        {
            _renewing.SendNow(query);
        }
    }

    /// <summary>Its query is over.</summary>
    public void GiveBack()
    {
        _user = null;
        if (_renewing is not null && _ports.IsOpen)
        {
            _renewing.LeavePort(_ports.Leaves(), _left);
        }
        else
        {
            Dispose();
        }
    }

    public void Dispose() => _socket.Close();

    private void Left(bool mayTakeAnother)
    {
        if (!_ports.TryKeep(this, mayTakeAnother))
        {
            Dispose();
        }
    }

    private void Received(Datagram datagram) => _user?.Received(datagram);

    private void Failed(Exception error) => _user?.Failed(error);
}
