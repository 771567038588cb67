namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The one connection to a server that all queries share: made when one needs it, closed when none does (RFC 7766, section 6.2).</summary>
internal sealed class DnsLink : IDisposable
{
    private static readonly Correlation<DnsMessage> ByIdAtRandom = Correlation.ById<DnsMessage, ushort>(static reply => reply.Id, DnsChance.Id, dropsUnasked: true);

    private readonly ReconnectingCalls<DnsMessage> _calls;
    private readonly PipelineOptions _bounds;
    private readonly Deadline _idle;
    private readonly DnsOptions _options;
    private TimeSpan _idleTimeout;
    private bool _hasAsked;

    public DnsLink(DnsTarget target, DnsClient client)
    {
        _options = client.Options;
        _idleTimeout = _options.IdleTimeout;
        _bounds = Bounds(_options);
        _calls = new ReconnectingCalls<DnsMessage>(
            [target.EndPoint],
            (connection, queue) => Task.FromResult(Begin(connection, queue)),
            _bounds,
            new ReconnectOptions { MaxWait = _options.Timeout, IsFinal = static _ => true },
            Connecting(target, _options),
            client.Hub);
        _idle = new Deadline(client.Hub, static link => ((DnsLink)link!).EndIfIdle(), this);
    }

    public IDisposable Send(Call<DnsMessage> call)
    {
        _idle.Reset(_idleTimeout);
        return _calls.Send(call);
    }

    /// <summary>Whether a query is the first over the present connection, and asks for how long that is kept.</summary>
    public bool IsToAskForTime() => !_hasAsked && (_hasAsked = true);

    /// <summary>The server says for how long it keeps a connection that nobody uses (RFC 7828); zero: it is to be closed.</summary>
    public void KeepAlive(TimeSpan time)
    {
        _idleTimeout = time < _options.IdleTimeout ? time : _options.IdleTimeout;
        if (time == TimeSpan.Zero)
        {
            _calls.Current?.Dispose();
            _idleTimeout = _options.IdleTimeout;
        }
    }

    public void Dispose()
    {
        _idle.Cancel();
        _calls.Dispose();
    }

    public override string ToString() => _calls.ToString();

    /// <summary>A connection for one's own.</summary>
    public static Awaitable<Connection> Dial(DnsTarget target, DnsClient client) => Tcp.Connect(target.EndPoint, Connecting(target, client.Options), client.Hub);

    /// <summary>A pipeline for one's own.</summary>
    public static Pipeline<DnsMessage> Over(Connection connection, DnsOptions options) => new(connection, DnsFraming.Messages, ByIdAtRandom, Bounds(options));

    /// <summary>How a server is checked.</summary>
    public static TlsClientOptions TlsOf(DnsTarget target, DnsOptions options) =>
        (options.Tls ?? new()) is var tls && tls.ServerName is null ? tls with { ServerName = target.Name ?? target.EndPoint.Address.ToString() } : tls;

    private static PipelineOptions Bounds(DnsOptions options) => new()
    {
        MaxInFlight = options.MaxInFlight,
        MaxQueuedCalls = options.MaxQueuedCalls,
        ReplyTimeout = options.Timeout,
        Abandoned = Abandoned.Forget,
    };

    private static TcpConnectOptions Connecting(DnsTarget target, DnsOptions options) => new()
    {
        ConnectTimeout = options.Timeout,
        Tls = target.Transport == DnsTransport.Tls ? TlsOf(target, options) : null,
    };

    private Pipeline<DnsMessage> Begin(Connection connection, CallQueue<DnsMessage> queue)
    {
        _hasAsked = false;
        return new Pipeline<DnsMessage>(connection, DnsFraming.Messages, ByIdAtRandom, _bounds, queue);
    }

    private void EndIfIdle()
    {
        if (_calls.Current is { IsIdle: true } idle)
        {
            idle.Dispose();
        }
        else if (_calls.Current is not null)
        {
            _idle.Reset(_idleTimeout);
        }
    }
}
