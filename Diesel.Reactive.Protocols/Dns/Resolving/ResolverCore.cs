using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What the lookups of a resolver stand on. On the hub.</summary>
internal sealed class ResolverCore
{
    private readonly Ways _ways;
    private volatile bool _isDisposed;

    public ResolverCore(ResolverOptions options, Hub hub)
    {
        Options = options;
        Client = new DnsClient(options.Server, options.Client, hub, options.ResolvConfFile);
        Memory = new ResolverMemory(Client, options);
        Conf = new TextFile<ResolvConf>(options.ResolvConfFile, hub.TimeProvider, ResolvConf.Parse);
        _ways = new Ways(() => Client.Elapsed, SourceOf);
        Hosts = new HostMemory(options.MaxEntries);
        Known = new KnownNames(options, new TextFile<HostsFile>(options.HostsFile, hub.TimeProvider, HostsFile.Parse));
    }

    public ResolverOptions Options { get; }

    public DnsClient Client { get; }

    public Hub Hub => Client.Hub;

    public ResolverMemory Memory { get; }

    public TextFile<ResolvConf> Conf { get; }

    public KnownNames Known { get; }

    /// <summary>Hosts that were asked for lately.</summary>
    public HostMemory Hosts { get; }

    public bool IsDisposed { get => _isDisposed; set => _isDisposed = value; }

    /// <summary>Until when what the system says of names need not be looked at again.</summary>
    public TimeSpan SystemHolds
    {
        get
        {
            var (least, conf, hosts) = (Ways.Time, Conf.Holds, Known.Holds);
            least = conf < least ? conf : least;
            return Memory.Now + (hosts < least ? hosts : least);
        }
    }

    /// <summary>A reply from memory, when that is all there is to do. Any thread.</summary>
    public bool TryReply(DnsQuestion question, out DnsReply reply)
    {
        reply = null!;
        var now = Memory.TurnNow;
        if (_isDisposed || Memory.Cache.Peek(new(question.Name, question.Type), now) is not { } entry || IsDueForRefresh(entry, now))
        {
            return false;
        }

        // Another name may lead to one that nobody is to be told of.
        if (entry.ReplyAt(now) is { } told)
        {
            reply = told;
        }
        else if (Known.Never(question.Name) is null)
        {
            reply = entry.ToReply(now);
        }
        else
        {
            return false;
        }

        Memory.Hit();
        ResolverTelemetry.Record(question.Name, TimeSpan.Zero, null);
        return true;
    }

    /// <summary>Addresses from memory, when that is all there is to do. Any thread.</summary>
    public bool TryLookup(string host, out IReadOnlyList<IPAddress> addresses)
    {
        addresses = null!;
        if (_isDisposed || Hosts.Find(host, Memory.TurnNow) is not { } found)
        {
            return false;
        }

        addresses = found;
        Memory.Hit();
        ResolverTelemetry.Record(host, TimeSpan.Zero, null);
        return true;
    }

    /// <summary>Which names one may mean.</summary>
    public List<DnsName> Candidates(string host, DnsName name) =>
        SearchList.Candidates(host, name, Options.Search ?? Conf.Value.Search, Options.Ndots ?? Conf.Value.Ndots, Conf.Value.HasNoTopLevelQuery);

    /// <summary>In the order to try them.</summary>
    public IReadOnlyList<IPAddress> Sort(IReadOnlyList<IPAddress> addresses) => AddressOrder.Sort(addresses, _ways.SourceOf);

    private bool IsDueForRefresh(CacheEntry entry, TimeSpan now) => Options.Prefetches && entry.Left(now) < entry.TimeToLive / 10;

    // A datagram socket knows from where it would send, and sends nothing for that.
    private IPAddress? SourceOf(IPAddress to)
    {
        try
        {
            var any = to.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
            var socket = Hub.Network.Bind(new IPEndPoint(any, 0), new IPEndPoint(to, 9), Client.Socket);
            var source = (socket.LocalEndPoint as IPEndPoint)?.Address;
            socket.Close();

            // A network that does not tell: all its ways are equal then.
            return any.Equals(source) ? to : source;
        }
        catch (ConnectionException)
        {
            return null;
        }
    }
}
