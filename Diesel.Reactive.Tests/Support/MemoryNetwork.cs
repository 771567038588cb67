using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>A network in memory for hubs on one thread: connections with FIN, RST and windows, and datagrams that may be
/// lost. It takes no time but the turns it needs.</summary>
internal sealed class MemoryNetwork : INetwork
{
    private readonly Dictionary<int, MemoryListener> _listeners = [];
    private readonly Dictionary<int, MemoryDatagrams> _datagrams = [];
    private int _nextPort = 40_000;

    /// <summary>How much of the bytes that are there a chunk takes.</summary>
    public Func<int, int> Cut { get; set; } = Cuts.Whole;

    /// <summary>Bytes an end holds for its reader; a sender with more has to wait.</summary>
    public int Window { get; set; } = 64 * 1024;

    /// <summary>Bytes of what a full window refused that are sent without the sender, as sockets may do.</summary>
    public int SentInBackground { get; set; }

    /// <summary>Whether a datagram gets lost.</summary>
    public Func<bool> Loses { get; set; } = static () => false;

    /// <summary>Hosts that can be found, besides addresses in text.</summary>
    public Dictionary<string, IPAddress[]> Hosts { get; } = [];

    /// <summary>Addresses that never answer.</summary>
    public HashSet<IPAddress> Silent { get; } = [];

    /// <summary>What was dialled, in order.</summary>
    public List<EndPoint> Dialled { get; } = [];

    public static IPAddress Here { get; } = IPAddress.Parse("10.0.0.1");

    public IObservable<IReadOnlyList<IPAddress>> Resolve(string host, Hub hub) => Answer<IReadOnlyList<IPAddress>>(hub, () =>
        IPAddress.TryParse(host, out var address) ? [address]
        : Hosts.TryGetValue(host, out var known) ? known
        : throw SocketErrors.NotFound(host, new SocketException((int)SocketError.HostNotFound)));

    public IObservable<ITransport> Connect(EndPoint remote, TcpConnectOptions options, Hub hub) => Observable.Defer(() =>
    {
        Dialled.Add(remote);
        return Silent.Contains(((IPEndPoint)remote).Address)
            ? Observable.Never<ITransport>()
            : Answer<ITransport>(hub, () => Dial((IPEndPoint)remote, options.LocalEndPoint, hub));
    });

    public MemoryTransport Dial(IPEndPoint remote, IPEndPoint? local, Hub hub)
    {
        if (!_listeners.TryGetValue(remote.Port, out var listener))
        {
            throw SocketErrors.NotConnected(remote, new SocketException((int)SocketError.ConnectionRefused));
        }

        var (client, server) = MemoryTransport.Pair(this, local ?? NextEndPoint(), remote, hub, listener.Hub);
        listener.Offer(server);
        return client;
    }

    public IListener Listen(EndPoint local, TcpListenOptions options, Hub hub, Action<ITransport> accept)
    {
        var at = Free("listen at", (IPEndPoint)local, _listeners);
        return _listeners[at.Port] = new MemoryListener(at, hub, accept, () => _listeners.Remove(at.Port));
    }

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, UdpOptions options, Hub hub)
    {
        var at = Free("bind to", (IPEndPoint)local, _datagrams);
        return _datagrams[at.Port] = new MemoryDatagrams(this, at, remote, hub, () => _datagrams.Remove(at.Port));
    }

    public MemoryDatagrams? BoundTo(EndPoint endPoint) => _datagrams.GetValueOrDefault(((IPEndPoint)endPoint).Port);

    private static IObservable<T> Answer<T>(Hub hub, Func<T> answer) => Observable.Create<T>(observer =>
        hub.Schedule(() =>
        {
            T value;
            try
            {
                value = answer();
            }
            catch (ConnectionException error)
            {
                observer.OnError(error);
                return;
            }

            observer.OnNext(value);
            observer.OnCompleted();
        }));

    private IPEndPoint NextEndPoint() => new(Here, _nextPort++);

    private IPEndPoint Free<T>(string what, IPEndPoint local, Dictionary<int, T> taken)
    {
        var address = local.Address.Equals(IPAddress.Any) ? Here : local.Address;
        return local.Port == 0 ? new IPEndPoint(address, _nextPort++)
            : !taken.ContainsKey(local.Port) ? new IPEndPoint(address, local.Port)
            : throw SocketErrors.NotListening(what, local, new SocketException((int)SocketError.AddressAlreadyInUse));
    }
}
