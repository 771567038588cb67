using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>One TCP service on all hubs of a group: each hub has a listener of its own, all share the port, and the kernel
/// spreads the connections (SO_REUSEPORT). Linux.</summary>
/// <remarks>A handler runs on the hub of its connection: handlers of different connections run at the same time.</remarks>
public sealed class TcpServiceGroup : IService
{
    private readonly HubGroup _group;
    private readonly EndPoint _asked;
    private readonly Func<EndPoint, Hub, TcpService> _make;
    private readonly List<TcpService> _services = [];
    private volatile bool _stopAsked;

    /// <summary>Makes a service whose handler turns a connection into its replies.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">As for <see cref="TcpService"/>; called on any hub of the group.</param>
    /// <param name="group">The hubs; they stay the caller's to dispose.</param>
    /// <param name="options">As for <see cref="TcpService"/>; <see cref="TcpServiceOptions.MaxConnections"/> and the other
    /// totals are shared out among the hubs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="group"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public TcpServiceGroup(int port, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, HubGroup group, TcpServiceOptions? options = null)
        : this(EndPoints.Local(port), handler, group, options)
    {
    }

    /// <summary>Makes a service whose handler turns a connection into its replies.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">As for <see cref="TcpService"/>; called on any hub of the group.</param>
    /// <param name="group">The hubs; they stay the caller's to dispose.</param>
    /// <param name="options">As for <see cref="TcpService"/>; <see cref="TcpServiceOptions.MaxConnections"/> and the other
    /// totals are shared out among the hubs.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    public TcpServiceGroup(EndPoint endPoint, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, HubGroup group, TcpServiceOptions? options = null)
        : this(endPoint, group)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var shared = Share(options, group);
        _make = (at, hub) => new TcpService(at, handler, shared, hub);
    }

    /// <summary>Makes a service whose handler is a sequential conversation.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">As for <see cref="TcpService"/>; called on any hub of the group.</param>
    /// <param name="group">The hubs; they stay the caller's to dispose.</param>
    /// <param name="options">As for <see cref="TcpService"/>; <see cref="TcpServiceOptions.MaxConnections"/> and the other
    /// totals are shared out among the hubs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="group"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public TcpServiceGroup(int port, Func<Connection, Task> handler, HubGroup group, TcpServiceOptions? options = null)
        : this(EndPoints.Local(port), handler, group, options)
    {
    }

    /// <summary>Makes a service whose handler is a sequential conversation.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">As for <see cref="TcpService"/>; called on any hub of the group.</param>
    /// <param name="group">The hubs; they stay the caller's to dispose.</param>
    /// <param name="options">As for <see cref="TcpService"/>; <see cref="TcpServiceOptions.MaxConnections"/> and the other
    /// totals are shared out among the hubs.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    public TcpServiceGroup(EndPoint endPoint, Func<Connection, Task> handler, HubGroup group, TcpServiceOptions? options = null)
        : this(endPoint, group)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var shared = Share(options, group);
        _make = (at, hub) => new TcpService(at, handler, shared, hub);
    }

    private TcpServiceGroup(EndPoint endPoint, HubGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        (_asked, _group, _make) = (EndPoints.Local(endPoint), group, null!);
    }

    /// <summary>Where it listens, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => _services.Count > 0 ? _services[0].EndPoint : throw new InvalidOperationException(
        "The service has no endpoint before it was started: call Start, or run it in an Application.");

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started, or its endpoint has no port.</exception>
    public int Port => EndPoints.Port(EndPoint);

    /// <summary>How many connections are open, on each hub of the group.</summary>
    public IReadOnlyList<int> ConnectionCounts => [.. _services.Select(static service => service.ConnectionCount)];

    /// <summary>What there is at this moment, and how many connections its limits have refused and ended, on all hubs together.</summary>
    public ServiceCounts Counts => _services.Select(static service => service.Counts).Aggregate(ServiceCounts.None, ServiceCounts.Sum);

    /// <inheritdoc/>
    /// <remarks>It runs on the hubs of its group, whatever hub is given.</remarks>
    public void Start(Hub? hub = null)
    {
        OnceStopped.ThrowIf(_stopAsked, this);
        if (_services.Count > 0)
        {
            return;
        }

        try
        {
            foreach (var each in _group.Hubs)
            {
                var service = _make(Next(), each);
                service.Start();
                _services.Add(service);
            }
        }
        catch
        {
            _services.ForEach(static service => service.Stop());
            _services.Clear();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>All hubs stop at the same time, each as <see cref="TcpService.Stop"/> says.</remarks>
    public Awaitable<Unit> Stop()
    {
        _stopAsked = true;
        var stopped = new AwaitableSource<Unit>(null, null, $"the end of {this}");
        _services.Select(static service => service.Stop()).Merge().Subscribe(
            static _ => { }, error => stopped.TrySetException(error), () => stopped.TrySetResult(Unit.Default));
        return stopped;
    }

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended, as <see cref="Stop"/> tells.</returns>
    public async ValueTask DisposeAsync() => await Stop();

    /// <summary>Where it listens, as errors show it.</summary>
    public override string ToString() => $"TCP service on {_group.Hubs.Count} hubs at {(_services.Count > 0 ? EndPoint : _asked)}";

    // The first may have the port chosen; the others share it.
    private EndPoint Next() => _services.Count > 0 && _asked is IPEndPoint ip ? new IPEndPoint(ip.Address, Port) : _asked;

    private static TcpServiceOptions Share(TcpServiceOptions? options, HubGroup group)
    {
        options = options.Or(TcpServiceOptions.Default);
        var hubs = group.Hubs.Count;
        return options with
        {
            Socket = options.Socket with { ReusePort = true },
            MaxConnections = (options.MaxConnections + hubs - 1) / hubs,
            MaxLingering = (options.MaxLingering + hubs - 1) / hubs,
            MaxBufferedInput = (options.MaxBufferedInput + hubs - 1) / hubs,
            MaxPendingOutput = (options.MaxPendingOutput + hubs - 1) / hubs,
        };
    }
}
