using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What the lookups of a resolver stand on. On the hub.</summary>
internal sealed class ResolverCore
{
    public ResolverCore(ResolverOptions options, Hub hub)
    {
        Options = options;
        Client = new DnsClient(options.Server, options.Client, hub, options.ResolvConfFile);
        Memory = new ResolverMemory(Client, options);
        Conf = new TextFile<ResolvConf>(options.ResolvConfFile, hub.TimeProvider, ResolvConf.Parse);
        Known = new KnownNames(options, new TextFile<HostsFile>(options.HostsFile, hub.TimeProvider, HostsFile.Parse));
    }

    public ResolverOptions Options { get; }

    public DnsClient Client { get; }

    public Hub Hub => Client.Hub;

    public ResolverMemory Memory { get; }

    public TextFile<ResolvConf> Conf { get; }

    public KnownNames Known { get; }

    public bool IsDisposed { get; set; }

    /// <summary>Which names one may mean.</summary>
    public List<DnsName> Candidates(string host, DnsName name) =>
        SearchList.Candidates(host, name, Options.Search ?? Conf.Value.Search, Options.Ndots ?? Conf.Value.Ndots, Conf.Value.HasNoTopLevelQuery);

    /// <summary>In the order to try them.</summary>
    public IReadOnlyList<IPAddress> Sort(IReadOnlyList<IPAddress> addresses) => AddressOrder.Sort(addresses, SourceOf);

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
