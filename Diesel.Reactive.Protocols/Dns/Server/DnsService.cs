using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A server of names: hands each question to a handler, and sends what it answers.</summary>
/// <remarks>
/// <para>By UDP and TCP, at one port. A reply that is longer than its asker takes in a datagram is cut at the end of a set of records, and says so, so that the
/// asker comes again by TCP. Messages that are none, or ask what cannot be asked, are answered without the handler; replies are not answered. EDNS and cookies
/// are its own affair; of what a handler's reply has of EDNS, only what else it says (extended errors) is sent.</para>
/// <para>A handler that fails is a SERVFAIL and shows in <see cref="Hub.Errors"/>; of a <see cref="DnsException"/>, as forwarders have them, only the
/// former. One that completes without a reply leaves its asker without one. Source: RFC 1035, 6891, 7766, 7858, 7873.</para>
/// </remarks>
public sealed class DnsService : IService
{
    private const int MostAttempts = 10;

    private readonly Func<DnsQuery, IObservable<DnsReply>>? _handler;
    private readonly Func<DnsQuery, DnsMessage>? _direct;
    private readonly DnsServiceOptions _options;
    private readonly IPEndPoint _asked;
    private Hub? _hub;
    private TcpService? _tcp;
    private UdpService? _udp;
    private bool _isStopped;

    /// <summary>Makes a service with a handler.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">Called on the hub for each question; the first reply of what it returns is sent. A client's query is a handler as well:
    /// <c>query => client.Send(query.Message)</c>.</param>
    /// <param name="options">Bounds, TLS; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public DnsService(int port, Func<DnsQuery, IObservable<DnsReply>> handler, DnsServiceOptions? options = null, Hub? hub = null)
        : this(new IPEndPoint(IPAddress.Any, port), handler, options, hub)
    {
    }

    /// <summary>Makes a service with a handler.</summary>
    /// <param name="endPoint">Where; port 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">As of the first.</param>
    /// <param name="options">Bounds, TLS; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    public DnsService(IPEndPoint endPoint, Func<DnsQuery, IObservable<DnsReply>> handler, DnsServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, options, hub)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handler = handler;
    }

    /// <summary>Makes a service of a zone.</summary>
    /// <param name="port">As of the first.</param>
    /// <param name="zone">What it answers; other names are refused.</param>
    /// <param name="options">Bounds, TLS; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="zone"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public DnsService(int port, DnsZone zone, DnsServiceOptions? options = null, Hub? hub = null)
        : this(new IPEndPoint(IPAddress.Any, port), zone, options, hub)
    {
    }

    /// <summary>Makes a service of a zone.</summary>
    /// <param name="endPoint">Where; port 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="zone">As of the other.</param>
    /// <param name="options">Bounds, TLS; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="zone"/> is null.</exception>
    public DnsService(IPEndPoint endPoint, DnsZone zone, DnsServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, options, hub)
    {
        ArgumentNullException.ThrowIfNull(zone);
        _direct = query => zone.Answer(query.Message.Questions[0]);
    }

    private DnsService(IPEndPoint endPoint, DnsServiceOptions? options, Hub? hub)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        (_asked, _options, _hub) = (endPoint, options ?? DnsServiceOptions.Default, hub);
    }

    /// <summary>Where it serves, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => (_tcp ?? throw new InvalidOperationException("The service has no endpoint before it was started: call Start, or run it in an Application.")).EndPoint;

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public int Port => ((IPEndPoint)EndPoint).Port;

    /// <inheritdoc/>
    public void Start(Hub? hub = null)
    {
        if (_isStopped)
        {
            throw new InvalidOperationException($"{this} was stopped: a service runs once.");
        }

        if (_tcp is null)
        {
            _hub ??= hub ?? Hub.Current ?? Hub.Default;
            Begin(_hub, new DnsServed(_hub, _options, _handler, _direct));
        }
    }

    /// <inheritdoc/>
    public Awaitable<Unit> Stop()
    {
        _isStopped = true;
        return _tcp is null ? Observable.Return(Unit.Default).ToAwaitable()
            : _udp is null ? _tcp.Stop()
            : Awaitable.All(_tcp.Stop(), _udp.Stop()).Select(static _ => Unit.Default).ToAwaitable($"the end of the {this}");
    }

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended.</returns>
    public async ValueTask DisposeAsync() => await Stop();

    /// <summary>Where it serves, as errors show it.</summary>
    public override string ToString() => $"DNS service at {(_tcp is null ? _asked : EndPoint)}";

    // A port that TCP was given may be somebody's for UDP: another one then.
    private void Begin(Hub hub, DnsServed served)
    {
        for (var attempt = 1; _tcp is null; attempt++)
        {
            var tcp = new TcpService(_asked, served.Connection, Connections(), hub);
            tcp.Start(hub);
            try
            {
                if (_options.Tls is null)
                {
                    _udp = new UdpService(new IPEndPoint(_asked.Address, ((IPEndPoint)tcp.EndPoint).Port), served.Datagrams, new UdpOptions { MaxQueuedBytes = 8 * 1024 * 1024 }, hub);
                    _udp.Start(hub);
                }

                _tcp = tcp;
            }
            catch (ConnectionException)
            {
                tcp.Stop();
                if (_asked.Port != 0 || attempt == MostAttempts)
                {
                    throw;
                }
            }
        }
    }

    private TcpServiceOptions Connections() => new()
    {
        Tls = _options.Tls,
        FirstByteTimeout = _options.IdleTimeout,
        FrameTimeout = _options.IdleTimeout,
        IdleTimeout = _options.IdleTimeout,
        MaxConnectionsPerAddress = TcpServiceOptions.Public.MaxConnectionsPerAddress,
        MinimumWriteRate = TcpServiceOptions.Public.MinimumWriteRate,
    };
}
