using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>A node of Riak for tests: objects in memory, and errors that the test says.</summary>
/// <remarks>It has what clients need and tests use: objects with vclocks (dotted version vectors) and siblings, what remains of deleted ones, secondary indexes, lists, properties, counters and sets,
/// TLS and log-in. What it does not know it refuses with an error, as a node does; it never guesses. It writes nothing to a disk, has no cluster, and is no server to run a program with.</remarks>
public sealed class RiakService : IService
{
    private readonly TcpService _tcp;
    private readonly ServiceState _state;

    /// <summary>Makes a service.</summary>
    /// <param name="port">0 to 65535, of this machine alone; 0, the default, lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="options">Types of buckets, security, bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public RiakService(int port = 0, RiakServiceOptions? options = null, Hub? hub = null)
        : this(new IPEndPoint(IPAddress.Loopback, port), options, hub)
    {
    }

    /// <summary>Makes a service.</summary>
    /// <param name="endPoint">Where: address and port, say.</param>
    /// <param name="options">Types of buckets, security, bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    public RiakService(EndPoint endPoint, RiakServiceOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        options ??= new();
        _state = new(options);
        _tcp = new TcpService(endPoint, connection => new ServiceSession(connection, _state).Serve(), options, hub);
    }

    /// <summary>Where it listens, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => _tcp.EndPoint;

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started, or its endpoint has no port.</exception>
    public int Port => _tcp.Port;

    /// <summary>How many connections there are.</summary>
    public int ConnectionCount => _tcp.ConnectionCount;

    /// <summary>The requests that come, before they are answered: <c>Get</c>, <c>Put</c>, as the client's methods are called, <c>StartTls</c> and <c>Auth</c>.</summary>
    /// <remarks>Hot, on its hub; completes when it is stopped.</remarks>
    public IObservable<string> Requests => _state.Heard.Select(static heard => heard.Code.Name());

    internal ServiceState State => _state;

    /// <summary>The next request of a name is refused. Of several the first said is the first to come.</summary>
    /// <param name="request">As the client's method is called: <c>Get</c>.</param>
    /// <param name="text">The error: <c>timeout</c>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Fail(string request, string text)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(text);
        _state.Expect(request, new RiakErrorException(text));
    }

    /// <summary>The next request of a name is not answered, and its connection is reset. Of several the first said is the first to come.</summary>
    /// <param name="request">As the client's method is called: <c>Get</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    public void Reset(string request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _state.Expect(request, null);
    }

    /// <inheritdoc/>
    public void Start(Hub? hub = null) => _tcp.Start(hub);

    /// <inheritdoc/>
    public Awaitable<Unit> Stop() => _tcp.Stop();

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended, as <see cref="Stop"/> tells.</returns>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        _state.Heard.OnCompleted();
    }

    /// <summary>Where it listens, as errors show it.</summary>
    public override string ToString() => $"Riak over {_tcp}";
}
