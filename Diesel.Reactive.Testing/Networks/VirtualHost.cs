using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Diesel.Reactive.Testing;

/// <summary>A machine on a <see cref="VirtualNetwork"/>: a name, addresses, ports of its own. Gives each of the hubs that run on
/// it its network.</summary>
/// <remarks>Made by <see cref="VirtualNetwork.Host"/>. <c>127.0.0.1</c>, <c>::1</c> and <c>localhost</c> are the host itself. What
/// listens or is bound at a wildcard address shows the host's first address.</remarks>
public sealed class VirtualHost : INetworkProvider
{
    private readonly VirtualNetwork _network;
    private readonly SortedDictionary<long, IHostSocket> _sockets = [];
    private readonly Dictionary<IHostSocket, long> _numbers = [];
    private readonly List<VirtualDial> _unanswered = [];
    private long _nextNumber;

    internal VirtualHost(VirtualNetwork network, string name, IReadOnlyList<IPAddress> addresses) =>
        (_network, Name, Addresses) = (network, name, addresses);

    /// <summary>Its name, which resolves on this network.</summary>
    public string Name { get; }

    /// <summary>Its addresses, in the order its name resolves to; at least one.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>Whether it answers nobody: see <see cref="VirtualNetwork.Silence"/>.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>Who its processes are for each other: what those who connect at a Unix socket show as their <see cref="PeerCredentials"/>, from then
    /// on. Default: process 1000 of user and group 1000.</summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public PeerCredentials Credentials
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = new(1000, 1000, 1000);

    /// <summary>Whether a hub runs on it, or ever did.</summary>
    internal bool HasRunHub { get; private set; }

    internal SocketPaths Paths { get; } = new();

    internal SocketPaths DatagramPaths { get; } = new();

    internal PortTable TcpPorts { get; } = new();

    internal PortTable UdpPorts { get; } = new();

    /// <summary>Those of its sockets that are open, in the order they were made.</summary>
    internal IReadOnlyList<IHostSocket> Sockets => [.. _sockets.Values];

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public INetwork CreateNetwork(IHub hub)
    {
        HasRunHub = true;
        return new HostNetwork(this, _network.Used(hub));
    }

    internal IObservable<ResolvedAddress> Resolve(string host, IHub hub) => Observable.Create<ResolvedAddress>(observer =>
        hub.Schedule(() =>
        {
            if (_network.AddressesOf(host) is not { } addresses)
            {
                observer.OnError(_network.NoSuchHost(host));
                return;
            }

            foreach (var address in addresses)
            {
                observer.OnNext(new ResolvedAddress(address));
            }

            observer.OnCompleted();
        }));

    internal IObservable<ITransport> Connect(EndPoint remote, SocketOptions options, IHub hub) => Observable.Create<ITransport>(observer =>
        new VirtualDial(_network, this, remote is UnixDomainSocketEndPoint ? remote : Testing.Addresses.Plain(remote), options.LocalEndPoint as IPEndPoint, hub, observer).Start());

    internal IListener Listen(EndPoint local, SocketOptions options, IHub hub, Action<ITransport> accept)
    {
        var listener = new VirtualListener(this, hub, options.Backlog, accept);
        if (local is UnixDomainSocketEndPoint)
        {
            return ListenAtPath(local, listener);
        }

        var asked = Testing.Addresses.Plain(local);
        var error = Take(TcpPorts, asked, options.ReusePort, listener, out var port);
        return error == SocketError.Success ? listener.At(Shown(port), port) : throw ConnectionException.NotListening(local, error);
    }

    internal IDatagramTransport Bind(EndPoint local, EndPoint? remote, SocketOptions options, IHub hub)
    {
        if (local is UnixDomainSocketEndPoint)
        {
            return BindToName(local, remote, hub);
        }

        var (asked, peer) = (Testing.Addresses.Plain(local), remote is null ? null : Testing.Addresses.Plain(remote));
        if (peer is not null && AddressTowards(peer.Address) is null)
        {
            throw ConnectionException.NotConnected(peer, SocketError.NetworkUnreachable);
        }

        var socket = new VirtualDatagrams(_network, this, hub, peer, options.EnableBroadcast);
        var error = Take(UdpPorts, asked, shared: false, socket, out var port);
        return error == SocketError.Success ? socket.At(Shown(port), port) : throw ConnectionException.NotBound(local, error);
    }

    /// <summary>Why a name leads to no socket of the kind that is wanted.</summary>
    internal SocketError WhyNotThere(EndPoint path) => IsTaken(path) ? SocketError.ProtocolType : SocketError.AddressNotAvailable;

    internal bool Owns(IPAddress address) => IPAddress.IsLoopback(address) || Addresses.Contains(address);

    /// <summary>The address it shows to another; null: none of that kind.</summary>
    internal IPAddress? AddressTowards(IPAddress remote) =>
        IPAddress.IsLoopback(remote) ? Testing.Addresses.LoopbackOf(remote.AddressFamily)
        : Addresses.Contains(remote) ? remote
        : Addresses.FirstOrDefault(own => own.AddressFamily == remote.AddressFamily);

    internal VirtualListener? ListenerAt(IPEndPoint endPoint) => TcpPorts.OwnerOf<VirtualListener>(endPoint);

    internal VirtualDatagrams? DatagramsAt(IPEndPoint endPoint) => UdpPorts.OwnerOf<VirtualDatagrams>(endPoint);

    internal bool Admits(VirtualDial dial)
    {
        if (IsSilent)
        {
            _unanswered.Add(dial);
        }

        return !IsSilent;
    }

    internal void FallSilent() => IsSilent = true;

    internal void Answer()
    {
        IsSilent = false;
        _unanswered.ForEach(static dial => dial.TryAgain());
        _unanswered.Clear();
    }

    internal void Crash()
    {
        foreach (var socket in Sockets)
        {
            socket.Vanish();
        }
    }

    internal void Add(IHostSocket socket)
    {
        _numbers.Add(socket, _nextNumber);
        _sockets.Add(_nextNumber++, socket);
    }

    internal void Remove(IHostSocket socket, PortBinding? port)
    {
        if (_numbers.Remove(socket, out var number))
        {
            _sockets.Remove(number);
        }

        if (socket is VirtualListener { LocalEndPoint: UnixDomainSocketEndPoint path })
        {
            Paths.Remove(path);
        }
        else if (socket is VirtualDatagrams { LocalEndPoint: UnixDomainSocketEndPoint name })
        {
            DatagramPaths.Remove(name);
        }

        if (port is not null)
        {
            (socket is VirtualDatagrams ? UdpPorts : TcpPorts).Release(port);
        }
    }

    private VirtualListener ListenAtPath(EndPoint path, VirtualListener listener)
    {
        if (IsTaken(path))
        {
            throw ConnectionException.NotListening(path, SocketError.AddressAlreadyInUse);
        }

        TcpPorts.Take(SocketPaths.Nowhere, 0, shared: false, listener, out var port);
        Paths.Add(path, port.Port);
        return listener.At(path, port);
    }

    private VirtualDatagrams BindToName(EndPoint name, EndPoint? remote, IHub hub)
    {
        if (IsTaken(name))
        {
            throw ConnectionException.NotBound(name, SocketError.AddressAlreadyInUse);
        }

        if (remote is not null && DatagramPaths.At(remote) is null)
        {
            throw ConnectionException.NotConnected(remote, WhyNotThere(remote));
        }

        var socket = new VirtualDatagrams(_network, this, hub, remote);
        UdpPorts.Take(SocketPaths.Nowhere, 0, shared: false, socket, out var port);
        var local = name.ToString() is null or "" ? new UnixDomainSocketEndPoint($"\0{port.Port:x5}") : name;
        DatagramPaths.Add(local, port.Port);
        return socket.At(local, port);
    }

    private bool IsTaken(EndPoint path) => (Paths.At(path) ?? DatagramPaths.At(path)) is not null;

    private SocketError Take(PortTable ports, IPEndPoint asked, bool shared, object owner, out PortBinding port)
    {
        if (Testing.Addresses.IsWildcard(asked.Address) || Owns(asked.Address))
        {
            return ports.Take(asked.Address, asked.Port, shared, owner, out port);
        }

        port = null!;
        return SocketError.AddressNotAvailable;
    }

    private IPEndPoint Shown(PortBinding port) => new(
        Testing.Addresses.IsWildcard(port.Address)
            ? Addresses.FirstOrDefault(own => own.AddressFamily == port.Address.AddressFamily) ?? Addresses[0]
            : port.Address,
        port.Port);
}
