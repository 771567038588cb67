using SystemClock = System.TimeProvider;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Asks servers of names.</summary>
/// <remarks>
/// <para>By UDP each query has a port and an id of its own, and only what answers it in all it has to repeat is taken; what does not fit into a datagram,
/// was cut off, or may be forged is asked for by TCP. Over a connection queries share it, and replies come in any order. Of several servers the
/// quickest is asked; one that does not answer gets no queries until it lives again, which a query now and then finds out beside those of callers.
/// What servers can of EDNS, and their cookies, is remembered.</para>
/// <para>It asks, and nothing else: it knows no search list, no cache and no hosts file, which are the <see cref="Resolver"/>'s. Members may be called from
/// any thread. Idea: diesel's <c>DNSClient</c>; RFC 1035, 5452, 6891, 7766, 7858, 7873, 8484.</para>
/// </remarks>
public sealed class DnsClient : IDisposable
{
    private readonly TextFile<ResolvConf>? _system;
    private readonly IDisposable _ownership;
    private readonly string _name;
    private readonly SystemClock _clock;
    private readonly long _born;
    private readonly bool _isFree;
    private DnsServer[] _servers = [];
    private ResolvConf? _read;
    private long _ignored;

    /// <summary>Prepares a client; nothing is sent yet.</summary>
    /// <param name="server"><c>system</c>: those of <c>/etc/resolv.conf</c>, also when that changes. <c>dns://192.0.2.1</c> (or the address alone): by UDP, and by
    /// TCP where that does not do. <c>tcp://192.0.2.1</c>: by TCP. <c>tls://dns.example@192.0.2.1</c>: encrypted, with a certificate for that name.
    /// <c>https://dns.example@192.0.2.1/dns-query</c>: by HTTP (RFC 8484), and with
    /// <c>http://</c> in the clear. Ports are 53, 853 with TLS, 443 and 80 with HTTP, unless one is given. Several are parted by commas.</param>
    /// <param name="options">How to ask; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException"><paramref name="server"/> is none.</exception>
    public DnsClient(string server = "system", DnsOptions? options = null, Hub? hub = null)
        : this(server, options, hub ?? Hub.Current ?? Hub.Default, "/etc/resolv.conf")
    {
    }

    // resolvConf: where the system's servers are told.
    internal DnsClient(string server, DnsOptions? options, Hub hub, string? resolvConf)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(server);
        (_name, Options, Hub, _isFree) = (server, options ?? DnsOptions.Default, hub, options is null);
        (_clock, _born) = (hub.TimeProvider, hub.TimeProvider.GetTimestamp());
        Times = new DnsTimes(hub, () => Elapsed, Tidy);
        if (server == DnsTarget.System)
        {
            _system = new TextFile<ResolvConf>(resolvConf, _clock, ResolvConf.Parse);
        }
        else
        {
            _servers = [.. DnsTarget.Parse(server).Select(target => new DnsServer(target, this))];
        }

        _ownership = hub.Own(this);
    }

    /// <summary>Where it runs.</summary>
    public Hub Hub { get; }

    /// <summary>Datagrams that came and answered no query: strays, and forged ones.</summary>
    public long Ignored => Interlocked.Read(ref _ignored);

    internal DnsOptions Options { get; private set; }

    internal SocketOptions Socket { get; } = new();

    /// <summary>What queries are written with, one at a time.</summary>
    internal DnsWriter Writer { get; } = new();

    /// <summary>How long it has lived.</summary>
    internal TimeSpan Elapsed => _clock.GetElapsedTime(_born);

    /// <summary>Queries under way.</summary>
    internal int Running => Times.Count;

    /// <summary>When they are due.</summary>
    internal DnsTimes Times { get; }

    internal bool IsDisposed { get; private set; }

    /// <summary>Asks for the records of a name.</summary>
    /// <param name="name">As it is: nothing is put behind it.</param>
    /// <param name="type">Which records; for a whole zone see <see cref="Transfer"/>.</param>
    /// <param name="options">How to ask; null for the defaults.</param>
    /// <returns>Cold: each <c>await</c> asks. The reply of a server that knows: the records, or that there is no such name
    /// (<see cref="DnsResponseCode.NameError"/>), or no such record. Unsubscribing gives the query up.</returns>
    /// <remarks>Errors: <see cref="DnsException"/>, which names each server and why there is no answer from it; <see cref="ObjectDisposedException"/>.</remarks>
    public Awaitable<DnsReply> Query(DnsName name, DnsType type, DnsQueryOptions? options = null)
    {
        options ??= DnsQueryOptions.Default;
        return new DnsQuerying(this, new DnsAsked(new(name, type, options.Class), options));
    }

    /// <summary>Asks what a message asks, as a proxy does.</summary>
    /// <param name="message">A query with one question. Its flags, and what it has of EDNS but cookies, padding and the time of connections, are passed on; its
    /// id is not.</param>
    /// <returns>As <see cref="Query"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    /// <exception cref="ArgumentException">It is no such query.</exception>
    /// <remarks>Errors: as <see cref="Query"/>.</remarks>
    public Awaitable<DnsReply> Send(DnsMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message is { IsResponse: false, Opcode: DnsOpcode.Query, Questions: [{ Type: not (DnsType.AXFR or DnsType.IXFR) }] }
            ? new DnsQuerying(this, new DnsAsked(message))
            : throw new ArgumentException("Only a query with one question can be sent, and none for a whole zone.", nameof(message));
    }

    /// <summary>Gets a zone, or what has changed in it.</summary>
    /// <param name="zone">Its name.</param>
    /// <param name="since">The version that is known (IXFR, RFC 1995); null: the whole (AXFR, RFC 5936).</param>
    /// <returns>Cold: each subscription asks the first server, over a connection of its own. The records as they come, from the zone's SOA to the same SOA
    /// again. Changes: an old SOA and what is gone, a new SOA and what is there instead, any number of times; where the server does not have
    /// them, the whole zone; a single SOA when nothing has changed.</returns>
    /// <remarks>Errors: <see cref="DnsException"/> (the server does not give it), <see cref="ConnectionException"/> and
    /// <see cref="ProtocolException"/>, also in the middle: a zone is whole when it has completed. Who observes slowly holds the server, with
    /// <c>ReadAllAsync</c>.</remarks>
    public IObservable<DnsRecord> Transfer(DnsName zone, uint? since = null) => ZoneTransfer.Of(this, zone, since);

    /// <summary>Gives up all queries and closes the connections.</summary>
    public void Dispose() => Hub.Within(DisposeHere);

    /// <summary>Whom it asks.</summary>
    public override string ToString() => $"DNS client of {_name}";

    /// <summary>Who is there, in the order to ask. On the hub.</summary>
    internal DnsServer[] Servers()
    {
        if (_system is not null && _system.Value is var now && now != _read)
        {
            Retarget(now);
        }

        if (_servers.Length == 1)
        {
            return _servers;
        }

        // Whoever is asked already keeps the order it has.
        var order = _servers;
        for (var at = 1; at < order.Length; at++)
        {
            if (order[at].ComesBefore(order[at - 1]))
            {
                order = [.. _servers.OrderBy(static server => server.IsDead).ThenBy(static server => server.Rank)];
                break;
            }
        }

        foreach (var other in order.AsSpan(1))
        {
            other.Fade();
        }

        return _servers = order;
    }

    // A server that was dead is asked beside the one that answers, so that nobody waits for it.
    internal DnsRun Run(DnsAsked asked, IObserver<DnsReply> observer)
    {
        var servers = Servers();
        foreach (var server in servers.AsSpan(1))
        {
            if (server.TryProbe())
            {
                new DnsRun(this, asked, null, [server], 1).Begin();
            }
        }

        return new DnsRun(this, asked, observer, servers, Options.Tries);
    }

    internal void CountIgnored() => Interlocked.Increment(ref _ignored);

    private void Retarget(ResolvConf conf)
    {
        _read = conf;
        if (_isFree)
        {
            Options = DnsOptions.Default with
            {
                AttemptTimeout = conf.Timeout ?? DnsOptions.Default.AttemptTimeout,
                Tries = conf.Attempts ?? DnsOptions.Default.Tries,
            };
        }

        var transport = conf.UsesTcp ? DnsTransport.Tcp : DnsTransport.Udp;
        var old = _servers;
        _servers = [.. conf.Servers.Select(at => old.FirstOrDefault(server => server.EndPoint.Equals(at) && server.Target.Transport == transport) ?? new DnsServer(new(at, transport), this))];
        foreach (var gone in old.Except(_servers))
        {
            gone.Dispose();
        }
    }

    private void DisposeHere()
    {
        if (IsDisposed)
        {
            return;
        }

        IsDisposed = true;
        _ownership?.Dispose();
        Times.Stop();
        foreach (var run in Times.All)
        {
            run.Fail(new ObjectDisposedException(ToString()));
        }

        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }

    private void Tidy()
    {
        foreach (var server in _servers)
        {
            server.Tidy();
        }
    }
}
