using System.Net;
using System.Reactive;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A memcached server: the text protocol with its meta commands, and the binary one, on one port.</summary>
/// <remarks>What a command answers is what memcached 1.6.18 answers. Items are in memory, or wherever an <see cref="IMemcachedStore"/> has them.
/// Source: the Twisted tutorial's memcached, memcached's <c>doc/protocol.txt</c> and <c>doc/protocol-binary.txt</c>.</remarks>
public sealed class MemcachedService : IService
{
    private readonly TcpService _tcp;
    private readonly MemcachedServiceOptions _options;
    private readonly MemcachedItems _items;
    private MemcachedStatistics? _statistics;
    private Hub? _hub;

    /// <summary>Makes a service.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="store">Where the items are; null: in memory, 64 MiB of them.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public MemcachedService(int port = 11211, IMemcachedStore? store = null, MemcachedServiceOptions? options = null, Hub? hub = null)
        : this(new IPEndPoint(IPAddress.Any, port), store, options, hub)
    {
    }

    /// <summary>Makes a service.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose.</param>
    /// <param name="store">Where the items are; null: in memory, 64 MiB of them.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    public MemcachedService(EndPoint endPoint, IMemcachedStore? store = null, MemcachedServiceOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        (_options, _hub) = (options ?? MemcachedServiceOptions.Default, hub);
        _items = new MemcachedItems(store ?? new MemcachedMemory(), _options.Limits.MaxValue, () => _hub!);
        var room = new byte[MemcachedAnswers.RoomLength];
        _tcp = new TcpService(endPoint, connection => new MemcachedSession(connection, _options, _items, Statistics, room).Serve(), _options, hub);
    }

    /// <summary>Where it listens, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => _tcp.EndPoint;

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started, or its endpoint has no port.</exception>
    public int Port => _tcp.Port;

    /// <summary>What there is at this moment, and how many connections its limits have refused and ended.</summary>
    public ServiceCounts Counts => _tcp.Counts;

    private MemcachedStatistics Statistics => _statistics ??= new(_items, _options, () => _tcp.ConnectionCount);

    /// <inheritdoc/>
    public void Start(Hub? hub = null)
    {
        _hub ??= hub ?? Hub.Current ?? Hub.Default;
        _tcp.Start(_hub);
    }

    /// <inheritdoc/>
    public Awaitable<Unit> Stop() => _tcp.Stop();

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended, as <see cref="Stop"/> tells.</returns>
    public async ValueTask DisposeAsync() => await Stop();

    /// <summary>Where it listens, as errors show it.</summary>
    public override string ToString() => $"memcached over {_tcp}";
}
