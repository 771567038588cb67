using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>One attempt to connect: there, back, and there again, as TCP's three packets.</summary>
/// <remarks>The answer is given at the second packet; the other side accepts at the third, which is not sent by who has given
/// up meanwhile.</remarks>
internal sealed class VirtualDial(VirtualNetwork network, VirtualHost from, EndPoint dialled, IPEndPoint? local, IHub hub, IObserver<ITransport> observer)
    : IHostSocket, IDisposable
{
    private IPEndPoint _remote = null!;
    private PortBinding? _port;
    private IPEndPoint _local = null!;
    private int _unanswered;
    private bool _over;
    private bool _isLeft;

    public VirtualHost From => from;

    public VirtualHost To { get; private set; } = null!;

    /// <summary>As it was dialled: an address and port, or a path.</summary>
    public EndPoint Remote => dialled;

    /// <summary>As whom the other side sees it.</summary>
    public EndPoint Local => dialled is IPEndPoint ? _local : SocketPaths.Unnamed;

    public IHub Hub => hub;

    public int Connection { get; private set; }

    private Link There => network.LinkOf(from, To);

    private Link Back => network.LinkOf(To, from);

    public VirtualDial Start()
    {
        hub.Schedule(Begin);
        return this;
    }

    public void Dispose()
    {
        _isLeft = true;
        Leave();
    }

    public void Vanish() => Leave();

    /// <summary>Asks again, where it was not answered.</summary>
    public void TryAgain()
    {
        if (!_over)
        {
            hub.Schedule(Ask);
        }
    }

    private void Begin()
    {
        if (_over)
        {
            return;
        }

        if ((dialled as IPEndPoint ?? from.Paths.At(dialled)) is not { } remote)
        {
            Fail(from.WhyNotThere(dialled));
            return;
        }

        // Nobody's address is one's own: so Linux has it.
        _remote = Addresses.IsWildcard(remote.Address) ? new IPEndPoint(Addresses.LoopbackOf(remote.AddressFamily), remote.Port) : remote;
        remote = _remote;
        if (network.HostAt(remote.Address, from) is not { } to)
        {
            Fail(network.NoSuchHost(remote));
            return;
        }

        if (from.AddressTowards(remote.Address) is not { } address)
        {
            Fail(SocketError.HostUnreachable);
            return;
        }

        To = to;
        from.Add(this);
        Connection = network.NextConnection();
        if (TakePort(local is null || Addresses.IsWildcard(local.Address) ? address : local.Address) is var error and not SocketError.Success)
        {
            Fail(error);
            return;
        }

        network.Trace.Add(TraceKind.Dialled, There.Name, Connection, note: dialled.ToString()!);
        There.Carry(hub, 0, Ask);
    }

    private SocketError TakePort(IPAddress address)
    {
        if (!from.Owns(address))
        {
            return SocketError.AddressNotAvailable;
        }

        if (local is { Port: > 0 } && from.TcpPorts.IsHeld(local.Port, _remote, network.Now))
        {
            return SocketError.AddressNotAvailable;
        }

        var error = from.TcpPorts.Take(address, local?.Port ?? 0, shared: false, owner: null, out var port, each => from.TcpPorts.IsHeld(each, _remote, network.Now));
        if (error == SocketError.Success)
        {
            _port = port;
            _local = new IPEndPoint(address, port.Port);
        }

        return error;
    }

    // The first packet has arrived.
    private void Ask()
    {
        if (_over || !To.Admits(this))
        {
            return;
        }

        if (To.ListenerAt(_remote) is not { } listener)
        {
            network.Trace.Add(TraceKind.Refused, Back.Name, Connection, note: dialled.ToString()!);
            Back.Carry(hub, 0, () => Fail(SocketError.ConnectionRefused));
        }
        else if (listener.HasRoom)
        {
            Back.Carry(hub, 0, () => Connect(listener));
        }
        else
        {
            // The packet is dropped, and sent again after 1 s, 2 s, 4 s and so on: RFC 6298, section 2, as Linux has it.
            hub.Schedule(TimeSpan.FromSeconds(1 << Math.Min(_unanswered++, 6)), () => There.Carry(hub, 0, Ask));
        }
    }

    private void Connect(VirtualListener listener)
    {
        if (_over)
        {
            return;
        }

        _over = true;
        from.Remove(this, null);
        network.Trace.Add(TraceKind.Connected, There.Name, Connection, note: Local.ToString()!);
        var (client, server) = VirtualTransport.Pair(network, this, _port!, Local, listener);
        There.Carry(hub, 0, () => listener.Offer(server));
        if (network.Interleaving > 0 && network.Chance.Strikes(FaultKind.Postponement, There.Name, network.Interleaving))
        {
            // Behind the turn in which the other side takes it.
            There.Carry(hub, 0, () => hub.Schedule(() => hub.Schedule(() => Tell(client))));
        }
        else
        {
            Tell(client);
        }
    }

    // Who has given up meanwhile wants none.
    private void Tell(VirtualTransport client)
    {
        if (_isLeft)
        {
            client.Abort();
            return;
        }

        observer.OnNext(client);
        observer.OnCompleted();
    }

    private void Fail(SocketError error) => Fail(ConnectionException.NotConnected(dialled, error));

    private void Fail(ConnectionException error)
    {
        if (!_over)
        {
            Leave();
            observer.OnError(error);
        }
    }

    private void Leave()
    {
        if (!_over)
        {
            _over = true;
            from.Remove(this, _port);
        }
    }
}
